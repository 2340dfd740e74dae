import type { Contract } from "../../openshift/contract.ts";
import { byRole } from "./roles.ts";
import type { BaremetalKeys } from "./spec.ts";

export const KEPT_AS_GIVEN = [
  "bootMACAddress",
  "disableCertificateVerification",
  "hardwareProfile",
  "networkConfig",
  "provisioningNetworkInterface",
  "role",
  "rotational",
] as const;

/** What OpenShift's installer writes of this platform although nobody gave it, in the install-config that the cluster keeps. */
export function keptConfig(platform: unknown, { dnsRecords }: Pick<Contract, "dnsRecords">): unknown {
  const given = platform as BaremetalKeys;
  const { hosts, ...settings } = given;
  return {
    ...settings,
    ...(dnsRecords ? { dnsRecordsType: settings.dnsRecordsType ?? "Internal" } : {}),
    provisioningNetworkInterface: settings.provisioningNetworkInterface ?? "",
    hosts:
      hosts === undefined
        ? null
        : byRole(hosts).map((host) => ({
            ...host,
            bmc: { address: "", username: "", password: "", disableCertificateVerification: false, ...host.bmc },
            role: host.role ?? "",
            bootMACAddress: host.bootMACAddress ?? "",
            hardwareProfile: host.hardwareProfile === "default" ? "unknown" : host.hardwareProfile,
          })),
  };
}

import { certificatesProblem } from "../../certificates.ts";
import type { InstallConfig } from "../../install-config.ts";
import { forbidden, invalid, type IssueDraft, required, stricter, stricterForAssets } from "../../issue.ts";
import { enabledCapabilities } from "../../fields/capability-names.ts";
import { type Address, parseAddress, sameAddress } from "../../network/address.ts";
import { machineNetworks, placeProblem } from "../../network/machine-networks.ts";
import { dnsRecordsRules } from "../dns-records.ts";
import { contractOf } from "../../openshift/contract.ts";
import { releaseOf } from "../../openshift/release.ts";
import { isUserManaged } from "../platform-config.ts";
import { bmcRules, hostRules, hostWarnings } from "./host-rules.ts";
import { provisioningRules } from "./provisioning-rules.ts";
import type { BaremetalKeys } from "./spec.ts";

const PATH = "platform.baremetal";

export function baremetalRules(config: InstallConfig): readonly IssueDraft[] {
  const baremetal = config.platform?.baremetal;
  if (baremetal === undefined) return [];
  const { bmcVerifyCA, hosts } = baremetal;
  const certificates = certificatesProblem(bmcVerifyCA ?? "");
  const machineAPI = enabledCapabilities(config).has("MachineAPI");
  // Without that capability no asset has a host in it.
  const controllers = bmcRules(hosts ?? [], baremetal.provisioningNetwork === "Disabled");
  return [
    ...vipsGiven(baremetal),
    ...dnsRecordsRules(PATH, baremetal),
    ...(certificates === undefined ? [] : [stricter(invalid(`${PATH}.bmcVerifyCA`, bmcVerifyCA, certificates))]),
    ...versionRules(config, baremetal),
    ...(machineAPI ? [...hostRules(config, hosts), ...controllers] : controllers.map(stricterForAssets)),
    ...provisioningRules(config, baremetal),
    ...bootstrapAddressRules(config, baremetal).map(stricter),
  ];
}

export const baremetalWarnings = (config: InstallConfig): readonly IssueDraft[] => hostWarnings(config.platform?.baremetal?.hosts ?? []);

/** Keys that not every version has. */
function versionRules(config: InstallConfig, { bmcVerifyCA, provisioningNetworkGateway, dnsRecordsType }: BaremetalKeys): readonly IssueDraft[] {
  const { version } = releaseOf(config);
  const { metal, dnsRecords } = contractOf(version);
  const known = {
    bmcVerifyCA: bmcVerifyCA === undefined || metal.bmcCertificates !== undefined,
    provisioningNetworkGateway: provisioningNetworkGateway === undefined || metal.gateway,
    dnsRecordsType: dnsRecordsType === undefined || dnsRecords,
  };
  return Object.entries(known).flatMap(([key, isKnown]) => (isKnown ? [] : [forbidden(`${PATH}.${key}`, `is not in version ${version}`)]));
}

/** OpenShift's installer can find them by DNS; this program wants them said. */
function vipsGiven({ apiVIPs = [], ingressVIPs = [] }: BaremetalKeys): readonly IssueDraft[] {
  const lists = { apiVIPs, ingressVIPs };
  return Object.entries(lists).flatMap(([key, list]) => (list.length === 0 ? [required(`${PATH}.${key}`, "give at least one address")] : []));
}

/** The bootstrap machine's static address, its gateway and its DNS server: all different, and none of them a VIP. */
function bootstrapAddressRules(config: InstallConfig, baremetal: BaremetalKeys): readonly IssueDraft[] {
  const { bootstrapExternalStaticIP: ip, bootstrapExternalStaticGateway: gateway, bootstrapExternalStaticDNS: dns } = baremetal;
  const vips = [...(baremetal.apiVIPs ?? []), ...(baremetal.ingressVIPs ?? [])].flatMap((vip) => parseAddress(vip) ?? []);
  const networks = machineNetworks(config);
  const own = parseAddress(ip ?? "");
  const isVip = (address: Address): boolean => vips.some((vip) => sameAddress(vip, address));
  const check = (key: keyof BaremetalKeys, text: string | undefined, problemOf: (address: Address) => string | undefined): readonly IssueDraft[] => {
    if (text === undefined || text === "") return [];
    const address = parseAddress(text);
    const problem = address === undefined ? "must be an IP address" : problemOf(address);
    return problem === undefined ? [] : [invalid(`${PATH}.${key}`, text, problem)];
  };
  const mayBeVip = isUserManaged(baremetal);
  return [
    ...check("bootstrapExternalStaticIP", ip, (address) => (isVip(address) ? "is one of the VIPs" : placeProblem(address, networks))),
    ...check("bootstrapExternalStaticGateway", gateway, (address) => {
      if (own !== undefined && sameAddress(own, address)) return "is the bootstrap machine's own address";
      return isVip(address) && !mayBeVip ? "is one of the VIPs" : placeProblem(address, networks);
    }),
    ...check("bootstrapExternalStaticDNS", dns, (address) =>
      isVip(address) && !mayBeVip ? "is one of the VIPs, where no DNS is served" : undefined,
    ),
  ];
}

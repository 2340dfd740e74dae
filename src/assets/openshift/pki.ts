import { type InstallConfig, isGateOpen } from "../../config/index.ts";
import type { Manifest } from "../manifests/index.ts";
import type { OpenShiftContext } from "./context.ts";
import { manifest, typed } from "./objects.ts";

type KeyConfig = NonNullable<NonNullable<NonNullable<InstallConfig["pki"]>["signerCertificates"]>["key"]>;

/** Keys of certificates where the user says nothing. Source: openshift/installer, pkg/types/pki, by description. */
const DEFAULT_KEY = { algorithm: "RSA", rsa: { keySize: 4096 } } as const;

/** The keys of signers; undefined where they are not to be chosen. */
export const signerKey = (config: InstallConfig): KeyConfig | undefined =>
  isGateOpen(config, "ConfigurablePKI") ? (config.pki?.signerCertificates?.key ?? DEFAULT_KEY) : undefined;

/** How the cluster's operators make the keys of certificates that they renew. */
export function pki({ openshift: { config }, contract }: OpenShiftContext): readonly Manifest[] {
  const key = signerKey(config);
  if (key === undefined) return [];
  const certificateManagement =
    config.pki === undefined ? { mode: "Default" } : { mode: "Custom", custom: { defaults: { key: DEFAULT_KEY }, signerCertificates: { key } } };
  return [
    manifest(
      "manifests/cluster-pki-02-config.yaml",
      typed(contract, {
        apiVersion: "config.openshift.io/v1alpha1",
        kind: "PKI",
        metadata: { name: "cluster" },
        spec: { certificateManagement },
      }),
    ),
  ];
}

import { type InstallConfig, isGateOpen } from "../../config/index.ts";
import { InstallerError } from "../../errors/index.ts";
import type { Manifest } from "../manifests/index.ts";
import type { OpenShiftContext } from "./context.ts";
import { manifest, typed } from "./objects.ts";

type KeyConfig = NonNullable<NonNullable<NonNullable<InstallConfig["pki"]>["signerCertificates"]>["key"]>;

/** Keys of certificates where the user says nothing. Source: openshift/installer, pkg/types/pki, by description. */
const DEFAULT_KEY = { algorithm: "RSA", rsa: { keySize: 4096 } } as const;

/**
 * The keys of signers; undefined where they are not to be chosen.
 * @throws InstallerError DISTRIBUTION_UNSUPPORTED for ECDSA, whose signatures would be others each time that assets are rendered
 */
export function signerKey(config: InstallConfig): KeyConfig | undefined {
  if (!isGateOpen(config, "ConfigurablePKI")) return undefined;
  const key = config.pki?.signerCertificates?.key ?? DEFAULT_KEY;
  if (key.algorithm === "ECDSA")
    throw new InstallerError("DISTRIBUTION_UNSUPPORTED", "signers with ECDSA keys are not yet supported by this version", {
      value: "pki.signerCertificates.key.algorithm",
      advice: "Use algorithm RSA.",
    });
  return key;
}

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

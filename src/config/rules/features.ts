import type { InstallConfig } from "../install-config.ts";
import { forbidden, invalid, type IssueDraft, required, stricter, unsupported } from "../issue.ts";
import { contractOf } from "../openshift/contract.ts";
import { asBoolean } from "../openshift/gates.ts";
import { releaseOf } from "../openshift/release.ts";
import { gateRules } from "./gates.ts";

/** featureSet, featureGates, the keys behind gates, pki, bootstrapInPlace. */
export function featureRules(config: InstallConfig): readonly IssueDraft[] {
  const gates = gateListRules(config);
  // Whether a gate is open cannot be read from a list that is wrong.
  return [
    ...okdRules(config),
    ...streamRules(config),
    ...gates,
    ...(gates.length === 0 ? gateRules(config) : []),
    ...pkiRules(config),
    ...inPlaceRules(config),
  ];
}

function okdRules(config: InstallConfig): readonly IssueDraft[] {
  const { version } = releaseOf(config);
  if (config.featureSet !== "OKD" || config.distribution === "kubernetes") return [];
  if (!contractOf(version).okdFeatureSet) return [forbidden("featureSet", `OKD is not in version ${version}`)];
  return config.distribution === "okd" ? [] : [invalid("featureSet", "OKD", "is only for distribution okd")];
}

/** Each distribution has streams of its own; in versions that have none the key is refused for its gate. */
function streamRules(config: InstallConfig): readonly IssueDraft[] {
  const { osImageStreams } = contractOf(releaseOf(config).version, config.distribution);
  const { osImageStream, distribution } = config;
  if (osImageStream === undefined || distribution === "kubernetes" || osImageStreams.length === 0 || osImageStreams.includes(osImageStream))
    return [];
  return [unsupported("osImageStream", osImageStream, osImageStreams)];
}

function gateListRules({ featureSet, featureGates = [] }: InstallConfig): readonly IssueDraft[] {
  const issues: IssueDraft[] = [];
  if (featureGates.length > 0 && featureSet !== "CustomNoUpgrade")
    issues.push(forbidden("featureGates", "can only be given with featureSet CustomNoUpgrade"));
  for (const [index, gate] of featureGates.entries()) {
    const [, value, ...rest] = gate.split("=");
    const path = `featureGates[${index}]`;
    if (value === undefined || rest.length > 0) issues.push(invalid(path, gate, "must be of the form Name=true or Name=false"));
    else if (asBoolean(value) === undefined) issues.push(invalid(path, gate, "must have a boolean value after the equals sign"));
  }
  return issues;
}

function pkiRules({ pki }: InstallConfig): readonly IssueDraft[] {
  const key = pki?.signerCertificates?.key;
  if (pki === undefined) return [];
  const path = "pki.signerCertificates.key";
  if (key?.algorithm === undefined) return [required(`${path}.algorithm`, "choose RSA or ECDSA")];
  const size = key.rsa?.keySize;
  const issues: IssueDraft[] = [];
  if (key.algorithm === "RSA" && key.ecdsa !== undefined) issues.push(forbidden(`${path}.ecdsa`, "cannot be given with algorithm RSA"));
  if (key.algorithm === "ECDSA" && key.rsa !== undefined) issues.push(forbidden(`${path}.rsa`, "cannot be given with algorithm ECDSA"));
  if (key.algorithm === "RSA" && size === undefined) issues.push(required(`${path}.rsa.keySize`, "give the number of bits"));
  if (key.algorithm === "ECDSA" && key.ecdsa?.curve === undefined) issues.push(required(`${path}.ecdsa.curve`, "choose a curve"));
  if (size !== undefined && (size < 2048 || size > 8192 || size % 1024 !== 0))
    issues.push(invalid(`${path}.rsa.keySize`, size, "must be 2048 to 8192 in steps of 1024"));
  return issues;
}

/** OpenShift's installer asks for both only where it renders the config of such a machine, as `firstMachine` in `assets/render-context.ts` does. */
function inPlaceRules({ bootstrapInPlace, controlPlane }: InstallConfig): readonly IssueDraft[] {
  if (bootstrapInPlace === undefined) return [];
  const issues: IssueDraft[] = [];
  if ((bootstrapInPlace.installationDisk ?? "") === "")
    issues.push(stricter(required("bootstrapInPlace.installationDisk", "name the disk to install to")));
  if (controlPlane.replicas !== 1) issues.push(stricter(invalid("controlPlane.replicas", controlPlane.replicas, "must be 1 with bootstrapInPlace")));
  return issues;
}

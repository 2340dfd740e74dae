import type { InstallConfig } from "../install-config.ts";
import { forbidden, invalid, type IssueDraft } from "../issue.ts";
import { isTrustedByMachines } from "../trust-bundle.ts";
import { holdsSeveralKeys, sshKeyLines, sshKeyType } from "./ssh-key.ts";
import { certificatesProblem } from "../certificates.ts";

/** pullSecret, sshKey, additionalTrustBundle. None of their values is ever part of a message. */
export function credentialRules(config: InstallConfig): readonly IssueDraft[] {
  return [...pullSecretRules(config), ...sshKeyRules(config), ...trustBundleRules(config.additionalTrustBundle)];
}

function pullSecretRules({ pullSecret, distribution }: InstallConfig): readonly IssueDraft[] {
  if (pullSecret === undefined || pullSecret === "")
    return distribution === "kubernetes"
      ? []
      : [invalid("pullSecret", "", "is missing: the release image is pulled with it; only distribution: kubernetes needs none")];
  const problem = pullSecretProblem(pullSecret);
  return problem === undefined ? [] : [invalid("pullSecret", pullSecret, problem)];
}

function pullSecretProblem(text: string): string | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return "must be JSON"; // The parser's own message quotes the text.
  }
  const auths = asRecord(asRecord(parsed)?.["auths"]);
  if (auths === undefined || Object.keys(auths).length === 0) return "auths required: it names no registry";
  const bad = Object.entries(auths).find(([, entry]) => !hasText(entry, "auth") && !hasText(entry, "credsStore"));
  return bad === undefined ? undefined : `the entry of registry ${JSON.stringify(bad[0])} requires either auth or credsStore`;
}

const asRecord = (value: unknown): Record<string, unknown> | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
const hasText = (entry: unknown, key: string): boolean => typeof asRecord(entry)?.[key] === "string" && asRecord(entry)?.[key] !== "";

function sshKeyRules({ sshKey, fips }: InstallConfig): readonly IssueDraft[] {
  if (sshKey === undefined || sshKey === "") return [];
  if (/PRIVATE KEY/.test(sshKey)) return [invalid("sshKey", sshKey, "is a private key; give the public one (the .pub file)")];
  const lines = sshKeyLines(sshKey);
  if (lines.length === 0) return [invalid("sshKey", sshKey, "holds no key")];
  return lines.flatMap((line, index) => {
    const which = lines.length === 1 ? "" : `line ${index + 1}: `;
    if (holdsSeveralKeys(line))
      return [invalid("sshKey", sshKey, `${which}holds several keys; write one a line below \`sshKey: |\` (> joins lines)`)];
    const type = sshKeyType(line);
    if (type === undefined) return [invalid("sshKey", sshKey, `${which}must be an OpenSSH public key, such as the content of id_ed25519.pub`)];
    return fips && type !== "ssh-rsa" && !type.startsWith("ecdsa-sha2-nistp")
      ? [invalid("sshKey", sshKey, `${which}${type} is not allowed with fips; use rsa or ecdsa`)]
      : [];
  });
}

function trustBundleRules(bundle: string | undefined): readonly IssueDraft[] {
  const problem = certificatesProblem(bundle ?? "");
  return problem === undefined ? [] : [invalid("additionalTrustBundle", bundle, problem)];
}

/** On OpenShift the bundle is an object of the cluster whatever the policy says. */
export function trustBundleWarnings(config: InstallConfig): readonly IssueDraft[] {
  const unused = config.distribution === "kubernetes" && (config.additionalTrustBundle ?? "") !== "" && !isTrustedByMachines(config);
  return unused
    ? [forbidden("additionalTrustBundle", "is not used: there is no proxy; set additionalTrustBundlePolicy: Always to have all machines trust it")]
    : [];
}

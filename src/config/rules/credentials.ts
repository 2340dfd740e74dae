import type { InstallConfig } from "../install-config.ts";
import { forbidden, invalid, type IssueDraft, stricter } from "../issue.ts";
import { contractOf } from "../openshift/contract.ts";
import { releaseOf } from "../openshift/release.ts";
import { authsOf } from "../pull-secret.ts";
import { isTrustedByMachines } from "../trust-bundle.ts";
import { holdsSeveralKeys, sshKeyLines, sshKeyType, sshKeyTypeToGo } from "./ssh-key.ts";
import { certificatesProblem, lastBlockProblem } from "../certificates.ts";
import { isRecord } from "../../util/index.ts";

/** pullSecret, sshKey, additionalTrustBundle. None of their values is ever part of a message. */
export function credentialRules(config: InstallConfig): readonly IssueDraft[] {
  return [...pullSecretRules(config), ...sshKeyRules(config), ...trustBundleRules(config)];
}

function pullSecretRules({ pullSecret, distribution }: InstallConfig): readonly IssueDraft[] {
  if (pullSecret === undefined || pullSecret === "")
    return distribution === "kubernetes"
      ? []
      : [invalid("pullSecret", "", "is missing: the release image is pulled with it; only distribution: kubernetes needs none")];
  const wrong = (problem: string): IssueDraft => invalid("pullSecret", pullSecret, problem);
  let parsed: unknown;
  try {
    parsed = JSON.parse(pullSecret);
  } catch {
    return [wrong("must be JSON")]; // The parser's own message quotes the text.
  }
  const auths = authsOf(parsed);
  if (Object.keys(auths).length === 0) return [wrong("auths required: it names no registry")];
  const bad = (isGood: (entry: unknown, key: string) => boolean): string | undefined =>
    Object.entries(auths).find(([, entry]) => !isGood(entry, "auth") && !isGood(entry, "credsStore"))?.[0];
  const without = bad((entry, key) => isRecord(entry) && Object.hasOwn(entry, key));
  if (without !== undefined) return [wrong(`the entry of registry ${JSON.stringify(without)} requires either auth or credsStore`)];
  const issues = Object.hasOwn(parsed as object, "auths") ? [] : [stricter(wrong("write auths in small letters"))];
  const empty = bad(hasText);
  if (empty !== undefined) issues.push(stricter(wrong(`the entry of registry ${JSON.stringify(empty)} has an auth or a credsStore without text`)));
  return issues;
}

const hasText = (entry: unknown, key: string): boolean => isRecord(entry) && typeof entry[key] === "string" && entry[key] !== "";

function sshKeyRules(config: InstallConfig): readonly IssueDraft[] {
  const { sshKey, fips } = config;
  if (sshKey === undefined || sshKey === "") return [];
  if (/PRIVATE KEY/.test(sshKey)) return [invalid("sshKey", sshKey, "is a private key; give the public one (the .pub file)")];
  const lines = sshKeyLines(sshKey);
  if (lines.length === 0) return [invalid("sshKey", sshKey, "holds no key")];
  // With fips OpenShift's installer reads the text as its oldest version does.
  const byLine = fips !== true && contractOf(releaseOf(config).version).sshKeyByLine;
  const keyless = sshKey.split("\n").find((line) => line !== "" && !lines.includes(line.trim()));
  if (keyless !== undefined && config.distribution !== "kubernetes" && byLine)
    return [invalid("sshKey", sshKey, "holds a comment or a line of blanks, where OpenShift wants a key on each line")];
  // The oldest version reads no further than the first line that is a key, and none looks at the type of more than that.
  const readByGo = lines.map(sshKeyTypeToGo);
  const first = readByGo.findIndex((type) => type !== undefined);
  return lines.flatMap((line, index) => {
    const which = lines.length === 1 ? "" : `line ${index + 1}: `;
    const accepted = readByGo[index] !== undefined || (!byLine && first >= 0);
    const issue = (problem: string, isAccepted = accepted): IssueDraft => {
      const draft = invalid("sshKey", sshKey, `${which}${problem}`);
      return isAccepted ? stricter(draft) : draft;
    };
    if (holdsSeveralKeys(line)) return [issue("holds several keys; write one a line below `sshKey: |` (> joins lines)")];
    const type = sshKeyType(line);
    if (type === undefined) return [issue("must be an OpenSSH public key, such as the content of id_ed25519.pub")];
    return fips && type !== "ssh-rsa" && !type.startsWith("ecdsa-sha2-nistp")
      ? [issue(`${type} is not allowed with fips; use rsa or ecdsa`, index !== first)]
      : [];
  });
}

function trustBundleRules({ additionalTrustBundle: bundle = "", distribution }: InstallConfig): readonly IssueDraft[] {
  const problem = certificatesProblem(bundle) ?? (distribution !== "kubernetes" && bundle !== "" ? lastBlockProblem(bundle) : undefined);
  return problem === undefined ? [] : [invalid("additionalTrustBundle", bundle, problem)];
}

/** On OpenShift the bundle is an object of the cluster whatever the policy says. */
export function trustBundleWarnings(config: InstallConfig): readonly IssueDraft[] {
  const unused = config.distribution === "kubernetes" && (config.additionalTrustBundle ?? "") !== "" && !isTrustedByMachines(config);
  return unused
    ? [forbidden("additionalTrustBundle", "is not used: there is no proxy; set additionalTrustBundlePolicy: Always to have all machines trust it")]
    : [];
}

import type { KeyStore } from "../assets/index.ts";
import { authsOf, type ClusterSpec, platformSecrets } from "../config/index.ts";
import { credentialsIn } from "../util/index.ts";

/**
 * Every value that must never be shown, for the run's Redactor: pull secret (and each credential in it), password hashes, those of the
 * platform and in URLs wherever they stand, keys, kubeadmin.
 */
export function secretsOf(spec: ClusterSpec | undefined, keys: KeyStore | undefined): readonly string[] {
  const found: (string | undefined)[] = spec === undefined ? [] : secretsOfSpec(spec);
  if (keys !== undefined) {
    found.push(keys.kubeadmin?.password, keys.kubeadmin?.hash);
    for (const key of Object.values(keys.keys)) found.push(key.privateKey);
  }
  return found.filter((secret) => secret !== undefined && secret !== "") as string[];
}

function secretsOfSpec(spec: ClusterSpec): (string | undefined)[] {
  const found: (string | undefined)[] = [spec.pullSecret, ...pullSecretParts(spec.pullSecret)];
  found.push(...(spec.openshift?.fencing ?? []).map(({ password }) => password));
  const htpasswd = spec.virtualization?.users?.htpasswd;
  // Each hash too: logs are read line by line.
  if (htpasswd !== undefined) found.push(htpasswd, ...htpasswd.split("\n").map((line) => line.slice(line.indexOf(":") + 1)));
  found.push(...textsIn(spec).flatMap(credentialsIn));
  found.push(...platformSecrets(spec));
  return found;
}

function pullSecretParts(text: string | undefined): readonly string[] {
  if (text === undefined) return [];
  try {
    return Object.values(authsOf(JSON.parse(text)) as Record<string, { auth?: string }>).flatMap(({ auth }) =>
      auth === undefined ? [] : [auth, Buffer.from(auth, "base64").toString("utf8").split(":").slice(1).join(":")],
    );
  } catch {
    return [];
  }
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

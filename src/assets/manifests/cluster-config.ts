import { parse, stringify } from "yaml";
import type { Manifest } from "./manifest.ts";

/** ConfigMap `kube-system/cluster-config-v1`: the install-config without its secrets, as OpenShift keeps it in the cluster. */
export function clusterConfig(installConfig: string): Manifest {
  const data = { "install-config": redactInstallConfig(installConfig) };
  return {
    path: "manifests/cluster-config.yaml",
    objects: [{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "cluster-config-v1", namespace: "kube-system" }, data }],
  };
}

const CREDENTIALS = /^(user|username|password)$/i;
const URL_CREDENTIALS = /(\b[a-z][a-z0-9+.-]*:\/\/)[^/@\s]+:[^/@\s]*@/gi;

/**
 * The install-config with pull secret and platform credentials blanked, and passwords taken out of URLs. Comments are dropped, since
 * they can hold anything.
 */
export function redactInstallConfig(text: string): string {
  const config = parse(text) as Record<string, unknown>;
  const clean = Object.entries(config).map(([key, value]) => [key, key === "pullSecret" ? "" : redacted(value, key === "platform")]);
  return stringify(Object.fromEntries(clean), { lineWidth: 0, aliasDuplicateObjects: false });
}

function redacted(value: unknown, inPlatform: boolean): unknown {
  if (typeof value === "string") return value.replaceAll(URL_CREDENTIALS, "$1");
  if (Array.isArray(value)) return value.map((item) => redacted(item, inPlatform));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inPlatform && CREDENTIALS.test(key) ? "" : redacted(item, inPlatform)]));
}

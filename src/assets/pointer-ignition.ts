import type { ClusterSpec } from "../config/index.ts";
import { IgnitionBuilder, type IgnitionConfig } from "./ignition/index.ts";
import { bracketed } from "./kubeconfig.ts";

export const MACHINE_CONFIG_SERVER_PORT = 22623;

/** Where machines fetch their config: the API VIP when there is one, since DNS may not be served yet. */
export function machineConfigUrl(spec: Pick<ClusterSpec, "vips" | "clusterDomain">, pool: string): string {
  const host = spec.vips.api[0] ?? `api-int.${spec.clusterDomain}`;
  return `https://${bracketed(host)}:${MACHINE_CONFIG_SERVER_PORT}/config/${pool}`;
}

/** `<pool>.ign`: fetch the rest from the machine-config server, and trust only the cluster's own root for it. */
export function pointerIgnition(spec: Pick<ClusterSpec, "vips" | "clusterDomain">, pool: string, rootCa: string): IgnitionConfig {
  return new IgnitionBuilder().merge(machineConfigUrl(spec, pool)).certificateAuthority(rootCa).build();
}

import type { ClusterSpec } from "../config/index.ts";
import { IgnitionBuilder, type IgnitionConfig, type IgnitionResource } from "./ignition/index.ts";
import { bracketed } from "../util/index.ts";

export const MACHINE_CONFIG_SERVER_PORT = 22623;

/** Where a control-plane machine keeps its token, as the header that curl takes from a file: it asks for an etcd member with it. */
export const TOKEN_FILE = "/etc/virt-ipi/machine-token";

/** Where machines fetch their config: the API VIP when there is one, since DNS may not be served yet. */
export function machineConfigUrl(spec: Pick<ClusterSpec, "vips" | "clusterDomain">, pool: string): string {
  const host = spec.vips.api[0] ?? `api-int.${spec.clusterDomain}`;
  return `https://${bracketed(host)}:${MACHINE_CONFIG_SERVER_PORT}/config/${pool}`;
}

/** The pool that such a URL asks for; undefined for any other URL, or none. */
export function poolOfConfigUrl(url: string | null | undefined): string | undefined {
  const found = URL.canParse(url ?? "") ? new URL(url ?? "") : undefined;
  if (found?.protocol !== "https:" || found.port !== String(MACHINE_CONFIG_SERVER_PORT) || found.search !== "") return undefined;
  return /^\/config\/([\w.-]+)$/.exec(found.pathname)?.[1];
}

/** The header by which the machine-config server knows a machine. */
export const authorization = (token: string): NonNullable<IgnitionResource["httpHeaders"]>[number] => ({
  name: "Authorization",
  value: `Bearer ${token}`,
});

/** The text of `TOKEN_FILE`. */
export const tokenFileText = (token: string): string => `${authorization(token).name}: ${authorization(token).value}\n`;

/**
 * `<pool>.ign`: fetch the rest from the machine-config server, and trust only the cluster's own root for it.
 * @param token of the pool; machines made here get one of their own in its place. Absent where the server asks for none
 */
export function pointerIgnition(
  spec: Pick<ClusterSpec, "vips" | "clusterDomain" | "pools">,
  pool: string,
  rootCa: string,
  token?: string,
): IgnitionConfig {
  const pointer = new IgnitionBuilder()
    .merge(machineConfigUrl(spec, pool), ...(token === undefined ? [] : [authorization(token)]))
    .certificateAuthority(rootCa);
  if (token === undefined || pool !== spec.pools.controlPlane.name) return pointer.build();
  return pointer.file({ path: TOKEN_FILE, contents: tokenFileText(token) }).build();
}

import type { VCenterSpec } from "../../config/platforms/vsphere/index.ts";

const HTTPS = 443;

/** A vCenter as its clients take it: `host`, `host:port` or `[address]:port`. */
export function addressOf({ server, port }: Pick<VCenterSpec, "server" | "port">): string {
  const host = server.includes(":") && !server.startsWith("[") ? `[${server}]` : server;
  return port === HTTPS ? host : `${host}:${port}`;
}

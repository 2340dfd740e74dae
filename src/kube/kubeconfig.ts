import type { KubeConfig } from "@kubernetes/client-node";
import type { RequestOptions } from "node:https";
import { InstallerError } from "../errors/index.ts";
import { plainAccess, type ClusterAccess } from "./plain-kubeconfig.ts";

/**
 * How a kubeconfig leads to its server.
 * @param text secret, so no message of a parser is passed on
 * @param context default its current one
 * @throws InstallerError KUBECONFIG_INVALID
 */
export async function clusterAccess(text: string, context?: string): Promise<ClusterAccess> {
  return plainAccess(text, context) ?? (await helpedAccess(text, context));
}

/** By the library, which knows every way to get credentials: files, exec helpers, OIDC, clouds. */
async function helpedAccess(text: string, context: string | undefined): Promise<ClusterAccess> {
  const { KubeConfig } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  const server = load(config, text, context);
  const loaded: RequestOptions = {};
  await config.applyToHTTPSOptions(loaded);
  const { ca, cert, key, rejectUnauthorized } = loaded;
  return {
    server,
    tlsServerName: config.getCurrentCluster()?.tlsServerName,
    tls: {
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
      ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }),
    },
    headers: Object.fromEntries(Object.entries((loaded.headers ?? {}) as Record<string, unknown>).map(([name, value]) => [name, String(value)])),
  };
}

function load(config: KubeConfig, text: string, context: string | undefined): string {
  try {
    config.loadFromString(text);
    if (context !== undefined) config.setCurrentContext(context);
    const server = config.getCurrentCluster()?.server;
    if (server !== undefined && URL.canParse(server) && config.getCurrentUser() !== null) return server;
  } catch {
    // Reported below.
  }
  throw new InstallerError("KUBECONFIG_INVALID", "the kubeconfig has no current context with a server and a user");
}

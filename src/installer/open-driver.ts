import { openStack, type PreparedCluster, type StackDriver } from "../stack/index.ts";
import type { Options, World } from "./context.ts";

/** The driver of a cluster's state, which scans by the platform for what a killed run left. */
export function openDriver(
  world: World & { readonly options?: Options },
  cluster: PreparedCluster,
  signal: AbortSignal = world.signal,
): Promise<StackDriver> {
  const { identity, metadata, platform } = cluster;
  const context = { run: world.run, signal };
  return openStack({
    folder: world.folder,
    clusterName: cluster.spec.name,
    reporter: world.reporter,
    clock: world.clock,
    signal,
    env: world.env,
    pluginFolder: world.options?.pluginFolder,
    refresh: platform.refreshes,
    scan: () => platform.scan(identity.infraID, metadata, context),
    remove: (object) => platform.remove(object, metadata, context),
  });
}

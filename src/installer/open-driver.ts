import { openStack, type StackDriver } from "../stack/index.ts";
import type { Options, World } from "./context.ts";
import type { KnownCluster } from "./known-cluster.ts";

/** The driver of a cluster's state, which scans by the platform for what a killed run left. */
export function openDriver(
  world: World & { readonly options?: Options },
  { name, infraID, platform, metadata }: KnownCluster,
  signal: AbortSignal = world.signal,
): Promise<StackDriver> {
  const context = { run: world.run, signal, env: world.env };
  return openStack({
    folder: world.folder,
    clusterName: name,
    reporter: world.reporter,
    clock: world.clock,
    signal,
    env: world.env,
    pluginFolder: world.options?.pluginFolder,
    platform,
    scan: () => platform.scan(infraID, metadata, context),
    remove: (object) => platform.remove(infraID, object, metadata, context),
  });
}

/** The same for an update or a preview, whose plugins log in. @throws InstallerError of a login that is refused */
export async function openSignedIn(
  world: World & { readonly options?: Options },
  cluster: KnownCluster,
  signal: AbortSignal = world.signal,
): Promise<StackDriver> {
  await cluster.platform.signIn?.(cluster.metadata, { run: world.run, signal, env: world.env });
  return await openDriver(world, cluster, signal);
}

import type { Context, Options, World } from "./context.ts";
import { oneLine } from "../util/index.ts";
import { withClusterLock } from "./lock.ts";
import { runPhases } from "./phase.ts";
import { CREATE_ASSETS, CREATE_CLUSTER, CREATE_INFRA } from "./phases.ts";
import { InstallerError } from "../errors/index.ts";
import { identityToWriteWith } from "../stack/index.ts";

const walk = (phases: typeof CREATE_CLUSTER, command: string, world: World, options: Options): Promise<void> =>
  withClusterLock(world, command, (locked) => runPhases(phases, command, { ...locked, options } satisfies Context));

/** From an install-config to a cluster that is whole. @throws InstallerError of the phase that failed */
export const createCluster = (world: World, options: Options): Promise<void> => walk(CREATE_CLUSTER, "create cluster", world, options);

/** The machines alone. */
export const createInfra = (world: World, options: Options): Promise<void> => walk(CREATE_INFRA, "create infra", world, options);

/** Goes on with an installation that failed or was interrupted, however it ended. @throws InstallerError CLUSTER_UNKNOWN */
export async function resume(world: World, options: Options): Promise<void> {
  if ((await identityToWriteWith(world.folder)) === undefined)
    throw new InstallerError("CLUSTER_UNKNOWN", `${world.folder.root} holds no cluster to go on with`, { value: world.folder.root });
  await walk(CREATE_CLUSTER, "resume", world, options);
}

/** Writes the assets; which of them the user asked for only matters for what is told. */
export async function createAssets(world: World, options: Options, which: "manifests" | "ignition-configs"): Promise<void> {
  const cluster = await withClusterLock(world, `create ${which}`, async (locked) => {
    const context: Context = { ...locked, options };
    await runPhases(CREATE_ASSETS, `create ${which}`, context);
    return context.cluster;
  });
  const wanted = which === "manifests" ? /^(manifests|openshift)\// : /\.ign$|^auth\/|^metadata\.json$/;
  const files = [...(cluster?.assets.keys() ?? [])].filter((path) => wanted.test(path)).toSorted();
  world.reporter.emit({
    type: "result",
    text: [`Written to ${oneLine(world.folder.root)}:`, ...files.map((file) => `  ${oneLine(file)}`)].join("\n"),
    data: { folder: world.folder.root, files },
  });
}

import { clusterOf, type Context, type Options, type World } from "./context.ts";
import { RunHistory } from "./history/run-history.ts";
import { withClusterLock } from "./lock.ts";
import { runPhases } from "./phase.ts";
import { CREATE_ASSETS, CREATE_CLUSTER, CREATE_INFRA } from "./phases.ts";
import { InstallerError } from "../errors/index.ts";
import { identityToWriteWith } from "../stack/index.ts";

/** A cluster that is up, and how to reach it. */
export interface CreatedCluster {
  readonly cluster: string;
  readonly infraID: string;
  readonly apiURL: string;
  /** Path of the file. */
  readonly kubeconfig: string;
  readonly folder: string;
  /** Whether it has virtualization. */
  readonly virtualization: boolean;
  /** Whether it creates its compute machines itself, as long as a machine controller runs. */
  readonly machineSets: boolean;
}

export interface WrittenAssets {
  readonly folder: string;
  /** Paths in the folder. */
  readonly files: readonly string[];
}

const walk = (phases: typeof CREATE_CLUSTER, command: string, world: World, options: Options): Promise<Context> =>
  withClusterLock(world, command, async (locked) => {
    const history = new RunHistory(phases, command);
    const context: Context = { ...locked, reporter: history.reporter(locked.reporter), options };
    try {
      await runPhases(phases, command, context, async (phase) => await history.before(phase, context, locked.reporter));
    } finally {
      await context.stopMachineController?.();
      await history.leave(context);
    }
    return context;
  });

function created(context: Context): CreatedCluster {
  const { spec, identity, folder } = clusterOf(context);
  return {
    cluster: spec.name,
    infraID: identity.infraID,
    apiURL: `https://api.${spec.clusterDomain}:6443`,
    kubeconfig: folder.kubeconfig,
    folder: folder.root,
    virtualization: spec.virtualization !== undefined,
    machineSets: spec.machineManagement === "MachineSets",
  };
}

/** From an install-config to a cluster that is ready. @throws InstallerError of the phase that failed */
export const createCluster = async (world: World, options: Options): Promise<CreatedCluster> =>
  created(await walk(CREATE_CLUSTER, "create cluster", world, options));

/** The machines alone. */
export const createInfra = async (world: World, options: Options): Promise<void> => void (await walk(CREATE_INFRA, "create infra", world, options));

/** Goes on with an installation that failed or was interrupted, however it ended. @throws InstallerError CLUSTER_UNKNOWN */
export async function resume(world: World, options: Options): Promise<CreatedCluster> {
  if ((await identityToWriteWith(world.folder)) === undefined)
    throw new InstallerError("CLUSTER_UNKNOWN", `${world.folder.root} has no cluster to continue`, { value: world.folder.root });
  return created(await walk(CREATE_CLUSTER, "resume", world, options));
}

/** Writes the assets. @param which of them the user asked for: the others are written too, and not in the answer */
export async function createAssets(
  world: World,
  options: Options,
  which: "manifests" | "ignition-configs" | "single-node-ignition-config",
): Promise<WrittenAssets> {
  const inPlace = which === "single-node-ignition-config";
  const context = await walk(CREATE_ASSETS, `create ${which}`, world, inPlace ? { ...options, inPlace } : options);
  const wanted = which === "manifests" ? /^(manifests|openshift)\// : /\.ign$|^auth\/|^metadata\.json$/;
  return { folder: world.folder.root, files: [...(context.assets?.assets.keys() ?? [])].filter((path) => wanted.test(path)).toSorted() };
}

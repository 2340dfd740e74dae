import { planMachineSets, shareOf } from "../config/index.ts";
import { InstallerError } from "../errors/index.ts";
import { borrowed, explainApiError, watch, type KubeClient } from "../kube/index.ts";
import {
  controllerRuns,
  listMachines,
  listMachineSets,
  machineSetsReady,
  MACHINE_KINDS,
  NAMESPACE,
  type MachineSet,
  type MachineSetSummary,
  type MachineSummary,
} from "../machines/index.ts";
import type { LoadedCluster } from "../stack/index.ts";
import { withAdminClient } from "./admin-client.ts";
import type { Options, World } from "./context.ts";
import { changesOf } from "./machine-changes.ts";
import { loadMachineSetsCluster } from "./machine-sets-cluster.ts";
import { hasPoolTokens, renewPoolTokens } from "./pool-tokens.ts";
import { endRehearsal } from "./rehearsal-state.ts";
import { settleRehearsals } from "./settle-rehearsals.ts";

/** What the cluster's own machines are at this time. */
export interface ClusterMachines {
  readonly cluster: string;
  /** Whether a machine controller acts on them. */
  readonly controllerRuns: boolean;
  readonly sets: readonly MachineSetSummary[];
  readonly machines: readonly MachineSummary[];
}

/** Says of each set and machine what it is, and again whenever that has changed, until the signal. @throws InstallerError as `clusterMachines`, the signal's reason */
export const watchMachines = (world: World): Promise<never> =>
  withMachineSets(world, async (client, { spec }) => {
    const { clock, reporter, signal } = world;
    const began = clock.now().getTime();
    reporter.emit({ type: "phase-started", phase: "watch-machines", title: `Machines of ${spec.name}` });
    try {
      await watch(changesOf(reporter, clock), {
        connect: borrowed(client),
        intervalMs: LOOK_MS,
        timeoutMs: Number.POSITIVE_INFINITY,
        signal,
        clock,
        onWait: (reason, elapsedMs) => reporter.emit({ type: "waiting", subject: "machines", reason, elapsedMs }),
      });
      throw new Error("a watch ends by its signal");
    } finally {
      reporter.emit({ type: "phase-ended", phase: "watch-machines", outcome: "interrupted", durationMs: clock.now().getTime() - began });
    }
  });

export interface ScaledPool {
  /** Of several, which share the machines, all names. */
  readonly machineSet: string;
  readonly from: number;
  readonly to: number;
  readonly elapsedMs: number;
}

const LOOK_MS = 3_000;
const MOST_MACHINES = 10_000;

/** @throws InstallerError CLUSTER_UNKNOWN, MACHINE_SETS_OFF, KUBE_UNREACHABLE */
export const clusterMachines = (world: World): Promise<ClusterMachines> =>
  withMachineSets(world, async (client, { spec }) => ({
    cluster: spec.name,
    controllerRuns: await controllerRuns(client, world.clock, world.signal),
    sets: await listMachineSets(client, world.signal),
    machines: await listMachines(client, world.clock, world.signal),
  }));

/**
 * Sets the number of a pool's machines, and waits until they are nodes, or gone.
 * @throws InstallerError SCALE_INVALID, MACHINES_NOT_READY, CLUSTER_UNKNOWN, MACHINE_SETS_OFF, KUBE_UNREACHABLE
 */
export async function scale(world: World, options: Options, pool: string, count: string): Promise<ScaledPool> {
  const to = /^\d{1,5}$/.test(count) ? Number(count) : MOST_MACHINES + 1;
  if (to > MOST_MACHINES)
    throw new InstallerError("SCALE_INVALID", `${count} is not a number of machines from 0 to ${MOST_MACHINES}`, { value: count });
  return await withMachineSets(world, async (client, cluster) => {
    const { spec } = cluster;
    const found = await poolSets(client, cluster, pool, world.signal);
    const names = found.map(({ metadata }) => metadata.name);
    const machineSet = names.join(", ");
    if (hasPoolTokens(cluster)) await renewPoolTokens(client, cluster, world);
    for (const [index, set] of found.entries()) {
      const { name } = set.metadata;
      const replicas = shareOf(to, index, names.length);
      await endRehearsal(client, set, replicas, world.signal);
      await client.patch(MACHINE_KINDS.machineSets, { namespace: NAMESPACE, name }, { spec: { replicas } }, world.signal);
    }
    const result = await watch(machineSetsReady(names, world.clock), {
      connect: borrowed(client),
      intervalMs: LOOK_MS,
      timeoutMs: options.timeouts?.install ?? spec.timeouts.install,
      signal: world.signal,
      clock: world.clock,
      onWait: (reason, elapsedMs) => world.reporter.emit({ type: "waiting", subject: machineSet, reason, elapsedMs }),
    });
    if (result.outcome !== "done")
      throw new InstallerError("MACHINES_NOT_READY", `${machineSet} was not ready in time; last cause: ${result.reason}`, { value: machineSet });
    return { machineSet, from: found.reduce((sum, set) => sum + (set.spec.replicas ?? 1), 0), to, elapsedMs: result.elapsedMs };
  });
}

/** The sets of a pool, as they are now; at least one. @throws InstallerError SCALE_INVALID */
export async function poolSets(
  client: KubeClient,
  { spec, identity }: Pick<LoadedCluster, "spec" | "identity">,
  pool: string,
  signal: AbortSignal,
): Promise<readonly MachineSet[]> {
  const sets = planMachineSets(spec, identity);
  const names = sets.filter((set) => set.pool.name === pool).map(({ name }) => name);
  if (names.length === 0) {
    const pools = [...new Set(sets.map((set) => set.pool.name))];
    throw new InstallerError("SCALE_INVALID", `there is no compute pool ${pool}; there is ${pools.join(", ")}`, { value: pool });
  }
  return await Promise.all(
    names.map(async (name) => {
      const found = await client.read<MachineSet>(MACHINE_KINDS.machineSets, { namespace: NAMESPACE, name }, signal);
      if (found === undefined) throw new InstallerError("SCALE_INVALID", `the cluster has no MachineSet ${name}`, { value: name });
      return found;
    }),
  );
}

/** Uses the API of the folder's cluster, which creates its machines itself. @throws InstallerError CLUSTER_UNKNOWN, MACHINE_SETS_OFF, KUBE_UNREACHABLE, whatever `use` throws */
export async function withMachineSets<T>(world: World, use: (client: KubeClient, cluster: LoadedCluster) => Promise<T>): Promise<T> {
  const cluster = await loadMachineSetsCluster(world);
  return await withAdminClient(world, async (client) => {
    try {
      await settleRehearsals(client, world, 0);
      return await use(client, cluster);
    } catch (error) {
      world.signal.throwIfAborted();
      if (error instanceof InstallerError) throw error;
      throw new InstallerError("KUBE_UNREACHABLE", explainApiError(error), { value: client.server });
    }
  });
}

import { InstallerError } from "../errors/index.ts";
import { connectKube, explainApiError, watch, type KubeClient } from "../kube/index.ts";
import { controllerRuns, listMachines, machineSetsReady, MACHINE_KINDS, NAMESPACE, type MachineSet, type MachineSummary } from "../machines/index.ts";
import { loadCluster, type LoadedCluster } from "../stack/index.ts";
import { readTextIfExists } from "../util/index.ts";
import { warnOnce } from "./config-warnings.ts";
import type { Options, World } from "./context.ts";

/** What the cluster's own machines are at this time. */
export interface ClusterMachines {
  readonly cluster: string;
  /** Whether a machine controller acts on them. */
  readonly controllerRuns: boolean;
  readonly sets: readonly { readonly name: string; readonly replicas: number; readonly ready: number }[];
  readonly machines: readonly MachineSummary[];
}

export interface ScaledPool {
  readonly machineSet: string;
  readonly from: number;
  readonly to: number;
  readonly elapsedMs: number;
}

const LOOK_MS = 3_000;
const MOST_MACHINES = 10_000;

/** @throws InstallerError CLUSTER_UNKNOWN, MACHINE_SETS_OFF, KUBE_UNREACHABLE */
export const clusterMachines = (world: World): Promise<ClusterMachines> =>
  withCluster(world, async (client, { spec }) => {
    const sets = (await client.list<MachineSet>(MACHINE_KINDS.machineSets, NAMESPACE, world.signal)) ?? [];
    return {
      cluster: spec.name,
      controllerRuns: await controllerRuns(client, world.clock, world.signal),
      sets: sets.map(({ metadata, spec: wanted, status }) => ({
        name: metadata.name,
        replicas: wanted.replicas ?? 1,
        ready: status?.readyReplicas ?? 0,
      })),
      machines: await listMachines(client, world.clock, world.signal),
    };
  });

/**
 * Sets the number of a pool's machines, and waits until they are nodes, or gone.
 * @throws InstallerError SCALE_INVALID, MACHINES_NOT_READY, CLUSTER_UNKNOWN, MACHINE_SETS_OFF, KUBE_UNREACHABLE
 */
export async function scale(world: World, options: Options, pool: string, count: string): Promise<ScaledPool> {
  const to = /^\d{1,5}$/.test(count) ? Number(count) : MOST_MACHINES + 1;
  if (to > MOST_MACHINES)
    throw new InstallerError("SCALE_INVALID", `${count} is not a number of machines from 0 to ${MOST_MACHINES}`, { value: count });
  return await withCluster(world, async (client, { spec, identity }) => {
    const pools = spec.pools.compute.map(({ name }) => name);
    if (!pools.includes(pool))
      throw new InstallerError("SCALE_INVALID", `there is no compute pool ${pool}; there is ${pools.join(", ")}`, { value: pool });
    const machineSet = `${identity.infraID}-${pool}`;
    const found = await client.read<MachineSet>(MACHINE_KINDS.machineSets, { namespace: NAMESPACE, name: machineSet }, world.signal);
    if (found === undefined) throw new InstallerError("SCALE_INVALID", `the cluster has no MachineSet ${machineSet}`, { value: machineSet });
    await client.patch(MACHINE_KINDS.machineSets, { namespace: NAMESPACE, name: machineSet }, { spec: { replicas: to } }, world.signal);
    const result = await watch(machineSetsReady([machineSet], world.clock), {
      connect: () => Promise.resolve({ ...client, close: () => undefined }),
      intervalMs: LOOK_MS,
      timeoutMs: options.timeouts?.install ?? spec.timeouts.install,
      signal: world.signal,
      clock: world.clock,
      onWait: (reason, elapsedMs) => world.reporter.emit({ type: "waiting", subject: machineSet, reason, elapsedMs }),
    });
    if (result.outcome !== "done")
      throw new InstallerError("MACHINES_NOT_READY", `${machineSet} was not ready in time; last cause: ${result.reason}`, { value: machineSet });
    return { machineSet, from: found.spec.replicas ?? 1, to, elapsedMs: result.elapsedMs };
  });
}

async function withCluster<T>(world: World, use: (client: KubeClient, cluster: LoadedCluster) => Promise<T>): Promise<T> {
  const { folder, env, redactor, signal } = world;
  const cluster = await loadCluster({ folder, env, changed: true, onSecret: (secret) => redactor.add(secret), onWarning: warnOnce(world) });
  if (cluster.spec.machineManagement !== "MachineSets")
    throw new InstallerError("MACHINE_SETS_OFF", `the machines of ${cluster.spec.name} are created by the installer alone`, {
      value: cluster.spec.name,
    });
  const kubeconfig = await readTextIfExists(folder.kubeconfig);
  if (kubeconfig === undefined) throw new InstallerError("CLUSTER_UNKNOWN", `there is no ${folder.kubeconfig}`, { value: folder.kubeconfig });
  redactor.add(kubeconfig);
  const client = await connectKube({ kubeconfig });
  try {
    return await use(client, cluster).catch((error: unknown) => {
      signal.throwIfAborted();
      if (error instanceof InstallerError) throw error;
      throw new InstallerError("KUBE_UNREACHABLE", explainApiError(error), { value: client.server });
    });
  } finally {
    client.close();
  }
}

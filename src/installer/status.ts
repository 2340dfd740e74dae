import { messageOf } from "../errors/index.ts";
import { connectKube, explainApiError, type KubeClient } from "../kube/index.ts";
import { type ClusterMachine, clusterMachineOf, type NodeSummary, readNodes, summarizeNodes } from "../cluster/index.ts";
import { type Identity, planMachines } from "../config/index.ts";
import { listMachines } from "../machines/index.ts";
import type { OwnedObject } from "../providers/index.ts";
import { readCluster } from "../stack/index.ts";
import { lockHolder, readTextIfExists } from "../util/index.ts";
import { warnOnce } from "./config-warnings.ts";
import type { World } from "./context.ts";
import { lastEstimate, type LastEstimate } from "./history/last-estimate.ts";
import { phaseStates, readJournal } from "./journal.ts";
import { listOwned } from "./destroy.ts";
import { clusterOfFolder } from "./known-cluster.ts";

export interface ClusterStatus {
  readonly cluster: string;
  readonly infraID: string;
  readonly phases: readonly { readonly phase: string; readonly state: string; readonly time: string; readonly cause?: string }[];
  /** What is left of the installation that goes on, where earlier runs on this host say so. */
  readonly estimate?: LastEstimate;
  /** Or why they cannot be seen. */
  readonly objects: readonly OwnedObject[] | string;
  /** Or why they cannot be seen. */
  readonly nodes: readonly NodeSummary[] | string;
}

/** Phases, machines and nodes of the cluster, as far as they can be seen just now. Changes nothing. */
export async function status(world: World): Promise<ClusterStatus> {
  const { folder, reporter, signal } = world;
  const phases = [...phaseStates(await readJournal(folder.journal, (message) => reporter.emit({ type: "log", level: "warning", message })))].map(
    ([phase, entry]) => ({
      phase,
      state: entry.event === "start" ? "unfinished" : (entry.outcome ?? "done"),
      time: entry.time,
      ...(entry.cause === undefined ? {} : { cause: entry.cause }),
    }),
  );
  const { identity, metadata } = await clusterOfFolder(world);
  const unseen = (error: unknown): string => {
    signal.throwIfAborted();
    return `not available: ${messageOf(error)}`;
  };
  const objects = await listOwned(world).then(({ objects: found }) => found, unseen);
  const nodes = await nodesOf(world, identity).catch((error: unknown) => {
    signal.throwIfAborted();
    return `not available: ${explainApiError(error)}`;
  });
  const estimate = await estimateOf(world);
  return { cluster: metadata.name, infraID: metadata.infraID, phases, ...(estimate === undefined ? {} : { estimate }), objects, nodes };
}

/** Of a run that lives: what a killed one said last is no longer true. */
async function estimateOf({ folder, clock }: World): Promise<LastEstimate | undefined> {
  try {
    if ((await lockHolder(folder.lock))?.life !== "alive") return undefined;
    return lastEstimate((await readTextIfExists(folder.log)) ?? "", clock.now());
  } catch {
    return undefined;
  }
}

async function nodesOf(world: World, identity: Identity): Promise<readonly NodeSummary[] | string> {
  const { folder, env, reporter, signal } = world;
  const kubeconfig = await readTextIfExists(folder.kubeconfig);
  if (kubeconfig === undefined) return "there is no kubeconfig yet";
  const { spec } = await readCluster(folder, { env, onWarning: warnOnce({ reporter }) });
  const client = await connectKube({ kubeconfig, requestTimeoutMs: 5_000 });
  try {
    const planned = planMachines(spec, identity).map(clusterMachineOf);
    const created = spec.machineManagement === "MachineSets" ? await createdOnes(client, world) : [];
    const others = created.filter(({ name }) => !planned.some((machine) => machine.name === name));
    return summarizeNodes([...planned, ...others], await readNodes(client, signal));
  } finally {
    client.close();
  }
}

/** The machines that the cluster has created itself. */
async function createdOnes(client: KubeClient, { clock, signal }: World): Promise<readonly ClusterMachine[]> {
  const machines = await listMachines(client, clock, signal);
  return machines.map(({ name, role }) => ({ name, role: CONTROL_PLANE.has(role) ? "control-plane" : "compute", address: undefined }));
}

const CONTROL_PLANE: ReadonlySet<string> = new Set(["master", "control-plane"]);

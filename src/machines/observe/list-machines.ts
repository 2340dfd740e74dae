import type { KubeClient } from "../../kube/index.ts";
import type { Clock } from "../../util/index.ts";
import { MACHINE_ANNOTATIONS, MACHINE_LABELS } from "../../providers/index.ts";
import { NAMESPACE } from "../names.ts";
import { MACHINE_KINDS, readMachines, type Machine, type MachineSet } from "./kinds.ts";
import { causesOf, phaseOf } from "./machine-states.ts";

/** One Machine of the cluster, from the MachineSet to the Node. */
export interface MachineSummary {
  readonly name: string;
  /** As its label says: `worker`, `master`. */
  readonly role: string;
  /** Empty for a Machine of no set. */
  readonly machineSet: string;
  /** `Provisioning`, `Provisioned`, `Running`, `Deleting`, `Failed`. */
  readonly phase: string;
  /** Of the virtual machine; empty until it is there. */
  readonly providerID: string;
  /** What the virtual machine does, in its platform's words; empty until it is there. */
  readonly instanceState: string;
  /** Name of the Node; empty until it is linked. */
  readonly node: string;
  readonly ageSeconds: number;
  /** Why it does not run; absent for one that does. */
  readonly reason?: string;
}

/** All Machines, those of a set together. @throws API errors */
export async function listMachines(client: KubeClient, clock: Clock, signal?: AbortSignal): Promise<readonly MachineSummary[]> {
  const machines = await readMachines(client, signal);
  const now = clock.now().getTime();
  const causeOf = await causesOf(client, machines, signal);
  return machines
    .map((machine) => summarize(machine, now, causeOf(machine)))
    .toSorted((a, b) => a.machineSet.localeCompare(b.machineSet) || a.name.localeCompare(b.name));
}

export interface MachineSetSummary {
  readonly name: string;
  readonly replicas: number;
  /** Machines that are Ready nodes. */
  readonly ready: number;
}

/** All MachineSets, by name. @throws API errors */
export async function listMachineSets(client: KubeClient, signal?: AbortSignal): Promise<readonly MachineSetSummary[]> {
  const sets = (await client.list<MachineSet>(MACHINE_KINDS.machineSets, NAMESPACE, signal)) ?? [];
  return sets
    .map(({ metadata, spec, status }) => ({ name: metadata.name, replicas: spec.replicas ?? 1, ready: status?.readyReplicas ?? 0 }))
    .toSorted((a, b) => a.name.localeCompare(b.name));
}

function summarize(machine: Machine, now: number, reason: string | undefined): MachineSummary {
  const { metadata, spec, status } = machine;
  return {
    name: metadata.name,
    role: metadata.labels?.[MACHINE_LABELS.role] ?? "",
    machineSet: metadata.labels?.[MACHINE_LABELS.machineSet] ?? "",
    phase: phaseOf(machine),
    providerID: spec.providerID ?? "",
    instanceState: metadata.annotations?.[MACHINE_ANNOTATIONS.instanceState] ?? "",
    node: status?.nodeRef?.name ?? "",
    ageSeconds: metadata.creationTimestamp === undefined ? 0 : Math.max(0, Math.round((now - Date.parse(metadata.creationTimestamp)) / 1_000)),
    ...(reason === undefined ? {} : { reason }),
  };
}

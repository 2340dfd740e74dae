import type { KubeClient, Look } from "../../kube/index.ts";
import type { Clock } from "../../util/index.ts";
import { MACHINE_LABELS } from "../../providers/index.ts";
import { NAMESPACE } from "../names.ts";
import { controllerRuns } from "./controller-lease.ts";
import { MACHINE_KINDS, readMachines, type Machine, type MachineSet } from "./kinds.ts";
import { phaseOf, statesOf } from "./machine-states.ts";

/** Done when each of these sets has all its machines as Ready nodes; the reasons name machines, and whether a controller runs at all. */
export function machineSetsReady(names: readonly string[], clock: Clock): Look<undefined> {
  return async (client, signal) => {
    const sets = (await client.list<MachineSet>(MACHINE_KINDS.machineSets, NAMESPACE, signal)) ?? [];
    const missing = names.filter((name) => !sets.some(({ metadata }) => metadata.name === name));
    if (missing.length > 0) return { done: false, reason: `MachineSets that do not exist: ${missing.join(", ")}` };
    const machines = await readMachines(client, signal);
    const waiting = sets.filter((set) => names.includes(set.metadata.name) && !isReady(set, machinesOf(set.metadata.name, machines)));
    if (waiting.length === 0) return { done: true, value: undefined };
    const idle = (await controllerRuns(client, clock, signal)) ? "" : "no machine controller runs: start `virt-ipi machine-controller run`; ";
    const reasons = await Promise.all(waiting.map(async (set) => await setReason(client, set, machines, signal)));
    return { done: false, reason: `${idle}${reasons.join("; ")}` };
  };
}

const wanted = ({ spec }: MachineSet): number => spec.replicas ?? 1;

/** Those of a set, by its name. */
export const machinesOf = (set: string, machines: readonly Machine[]): readonly Machine[] =>
  machines.filter(({ metadata }) => metadata.labels?.[MACHINE_LABELS.machineSet] === set);

/** The status of a set does not count machines that are being removed: until they are gone they are nodes, with disks and addresses. */
const isReady = (set: MachineSet, own: readonly Machine[]): boolean =>
  own.length === wanted(set) &&
  set.status?.observedGeneration === set.metadata.generation &&
  (set.status?.replicas ?? 0) === wanted(set) &&
  (set.status?.readyReplicas ?? 0) >= wanted(set);

async function setReason(client: KubeClient, set: MachineSet, machines: readonly Machine[], signal: AbortSignal | undefined): Promise<string> {
  const own = machinesOf(set.metadata.name, machines).filter((machine) => phaseOf(machine) !== "Running");
  const reasons = await statesOf(client, own, signal);
  const count = `MachineSet ${set.metadata.name} has ${set.status?.readyReplicas ?? 0} of ${wanted(set)} machines ready`;
  return reasons.length === 0 ? count : `${count} (${reasons.join(", ")})`;
}

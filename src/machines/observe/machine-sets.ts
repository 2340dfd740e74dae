import type { Look } from "../../kube/index.ts";
import type { Clock } from "../../util/index.ts";
import { MACHINE_LABELS } from "../../providers/index.ts";
import { NAMESPACE } from "../names.ts";
import { controllerRuns } from "./controller-lease.ts";
import { MACHINE_KINDS, readMachines, type Machine, type MachineSet } from "./kinds.ts";

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
    return { done: false, reason: `${idle}${waiting.map((set) => setReason(set, machines)).join("; ")}` };
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

function setReason(set: MachineSet, machines: readonly Machine[]): string {
  const own = machinesOf(set.metadata.name, machines);
  const reasons = own.flatMap((machine) => machineReason(machine) ?? []);
  const count = `MachineSet ${set.metadata.name} has ${set.status?.readyReplicas ?? 0} of ${wanted(set)} machines ready`;
  return reasons.length === 0 ? count : `${count} (${reasons.join(", ")})`;
}

/** `<name>: <phase>, <why>` of a machine that is no Ready node yet; undefined for one that runs. */
function machineReason(machine: Machine): string | undefined {
  const phase = phaseOf(machine);
  if (phase === "Running") return undefined;
  const why = causeOf(machine);
  return `${stateOf(machine)}${why === undefined ? "" : `, ${why}`}`;
}

/** `<name>: <phase>` */
export const stateOf = (machine: Machine): string => `${machine.metadata.name}: ${phaseOf(machine) || "not looked at yet"}`;

/** What the controller makes of a Machine; empty until it has looked at it. */
export const phaseOf = ({ metadata, status }: Machine): string => (metadata.deletionTimestamp === undefined ? (status?.phase ?? "") : "Deleting");

/** Why it does not run, as far as its own status says. */
export function causeOf({ status }: Machine): string | undefined {
  const condition = status?.conditions?.find((each) => each.status === "False" && (each.message ?? "") !== "");
  return status?.errorMessage ?? condition?.message;
}

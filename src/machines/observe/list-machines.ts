import type { KubeClient } from "../../kube/index.ts";
import type { Clock } from "../../util/index.ts";
import { MACHINE_LABELS } from "../../providers/index.ts";
import { readMachines, type Machine } from "./kinds.ts";
import { causeOf, phaseOf } from "./machine-sets.ts";

/** One Machine of the cluster, from the MachineSet to the Node. */
export interface MachineSummary {
  readonly name: string;
  /** Empty for a Machine of no set. */
  readonly machineSet: string;
  /** `Provisioning`, `Provisioned`, `Running`, `Deleting`, `Failed`. */
  readonly phase: string;
  /** Of the virtual machine; empty until it is there. */
  readonly providerID: string;
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
  return machines
    .map((machine) => summarize(machine, now))
    .toSorted((a, b) => a.machineSet.localeCompare(b.machineSet) || a.name.localeCompare(b.name));
}

function summarize(machine: Machine, now: number): MachineSummary {
  const { metadata, spec, status } = machine;
  const phase = phaseOf(machine);
  const reason = phase === "Running" ? undefined : causeOf(machine);
  return {
    name: metadata.name,
    machineSet: metadata.labels?.[MACHINE_LABELS.machineSet] ?? "",
    phase,
    providerID: spec.providerID ?? "",
    node: status?.nodeRef?.name ?? "",
    ageSeconds: metadata.creationTimestamp === undefined ? 0 : Math.max(0, Math.round((now - Date.parse(metadata.creationTimestamp)) / 1_000)),
    ...(reason === undefined ? {} : { reason }),
  };
}

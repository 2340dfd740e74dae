import type { ClusterMachines, ScaledPool } from "../../installer/index.ts";
import { ageOf } from "../reporters/format.ts";
import { oneLine } from "../../util/index.ts";

/** From the sets to the nodes, one line each. */
export function machinesText({ controllerRuns, sets, machines }: ClusterMachines): string {
  const widest = Math.max(4, ...machines.map(({ name }) => name.length));
  return [
    `machine controller: ${controllerRuns ? "running" : "not running; start it with virt-ipi machine-controller run"}`,
    ...sets.map(({ name, replicas, ready }) => `MachineSet ${name}: ${ready} of ${replicas} ready`),
    `${"NAME".padEnd(widest)}  ${"PHASE".padEnd(13)} ${"VM".padEnd(9)} ${"AGE".padEnd(5)} NODE`,
    ...machines.map(
      ({ name, phase, instanceState, ageSeconds, node, reason }) =>
        `${name.padEnd(widest)}  ${phase.padEnd(13)} ${instanceState.padEnd(9)} ${ageOf(ageSeconds).padEnd(5)} ${node}${reason === undefined ? "" : `  ${reason}`}`,
    ),
  ]
    .map(oneLine)
    .join("\n");
}

export const scaledText = ({ machineSet, from, to, elapsedMs }: ScaledPool): string =>
  `MachineSet ${machineSet} has ${to} machines (${from} before), ready after ${ageOf(Math.round(elapsedMs / 1_000))}.`;

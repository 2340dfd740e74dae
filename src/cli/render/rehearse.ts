import type { Rehearsal } from "../../installer/index.ts";
import { oneLine } from "../../util/index.ts";
import { formatElapsed } from "../reporters/format.ts";

/** How long each step took, one line each. */
export function rehearsalText({ machineSet, machine, steps }: Rehearsal): string {
  const total = steps.reduce((sum, { elapsedMs }) => sum + elapsedMs, 0);
  return [
    machine === undefined
      ? `What an earlier rehearsal of MachineSet ${machineSet} had left is removed; run it again to rehearse.`
      : `MachineSet ${machineSet}: machine ${machine} came and went; the set is as it was.`,
    ...steps.map(({ step, elapsedMs }) => `  ${formatElapsed(elapsedMs).padStart(7)}  ${step}`),
    `  ${formatElapsed(total).padStart(7)}  together`,
  ]
    .map(oneLine)
    .join("\n");
}

import type { Changes } from "../../installer/index.ts";
import { oneLine } from "../../util/index.ts";

/** A line a step, and how many there are of each operation. */
export function changesText({ steps, changes, createdByCluster }: Changes): string {
  if (steps.length === 0) return "Nothing would change.";
  const lines = steps.map(({ operation, kind, name }) => oneLine(`  ${operation.padEnd(8)} ${kind.padEnd(36)} ${name}`));
  const summary = Object.entries(changes).map(([operation, count]) => `${count} to ${operation}`);
  const own = createdByCluster.map(({ machineSet, machines }) => `${machineSet}: ${machines}`);
  const byCluster = own.length === 0 ? [] : [oneLine(`Machines that the cluster then creates itself, by its MachineSets: ${own.join(", ")}`)];
  return [...lines, summary.join(", "), ...byCluster].join("\n");
}

import type { Changes } from "../../installer/index.ts";
import { oneLine } from "../../util/index.ts";

/** A line a step, and how many there are of each operation. */
export function changesText({ steps, changes }: Changes): string {
  if (steps.length === 0) return "Nothing would change.";
  const lines = steps.map(({ operation, kind, name }) => oneLine(`  ${operation.padEnd(8)} ${kind.padEnd(36)} ${name}`));
  const summary = Object.entries(changes).map(([operation, count]) => `${count} to ${operation}`);
  return [...lines, summary.join(", ")].join("\n");
}

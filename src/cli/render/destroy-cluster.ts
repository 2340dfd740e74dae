import type { DestroyedCluster, OwnedObjects } from "../../installer/index.ts";
import { oneLine } from "../../util/index.ts";

export const destroyedClusterText = ({ cluster, infraID, receipt }: DestroyedCluster): string =>
  [`The cluster ${cluster} (${infraID}) is gone.`, ...(receipt === undefined ? [] : [`Receipt: ${receipt}`])].join("\n");

/** Of `--dry-run`. */
export function ownedObjectsText({ infraID, objects }: OwnedObjects): string {
  if (objects.length === 0) return `Nothing of ${infraID} exists.`;
  return [
    `Would be removed of ${infraID}:`,
    ...objects.map(({ kind, name, id, problem }) => oneLine(`  ${kind.padEnd(12)} ${name}  ${problem ?? id}`)),
  ].join("\n");
}

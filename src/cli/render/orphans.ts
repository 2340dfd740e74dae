import type { Orphans } from "../../installer/index.ts";
import { oneLine } from "../../util/index.ts";

export function orphansText({ known, orphans }: Orphans): string {
  if (orphans.length === 0) return `Nothing is left of clusters other than the ${known.length} known.`;
  return orphans
    .map(({ infraID, kind, name, problem }) =>
      oneLine(`${infraID.padEnd(28)} ${kind.padEnd(14)} ${problem === undefined ? name : `${name}: ${problem}`}`),
    )
    .join("\n");
}

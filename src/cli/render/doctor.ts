import type { Diagnosis } from "../../installer/index.ts";
import { oneLine } from "../../util/index.ts";

const OUTCOME_WIDTH = "warning".length;

/** A line a check, and below those that are not well what to do. */
export function diagnosisText({ checks }: Diagnosis): string {
  const width = Math.max(...checks.map(({ id }) => id.length), 0);
  return checks
    .flatMap(({ id, outcome, found, fix }) => [
      oneLine(`${id.padEnd(width)}  ${(outcome === "failed" ? "FAILED" : outcome).padEnd(OUTCOME_WIDTH)}  ${found}`),
      ...(fix === undefined || outcome === "ok" || outcome === "skipped" ? [] : [oneLine(`${" ".repeat(width + OUTCOME_WIDTH + 4)}${fix}`)]),
    ])
    .join("\n");
}

import type { Diagnosis } from "../../installer/index.ts";
import { joinedLines } from "../../util/index.ts";

const OUTCOME_WIDTH = "warning".length;

/** A line a check, and below those that are not well what to do. */
export function diagnosisText({ checks }: Diagnosis): string {
  const width = Math.max(...checks.map(({ id }) => id.length), 0);
  return checks
    .flatMap(({ id, outcome, found, fix }) => [
      `${id.padEnd(width)}  ${(outcome === "failed" ? "FAILED" : outcome).padEnd(OUTCOME_WIDTH)}  ${joinedLines(found)}`,
      ...(fix === undefined || outcome === "ok" || outcome === "skipped" ? [] : [`${" ".repeat(width + OUTCOME_WIDTH + 4)}${joinedLines(fix)}`]),
    ])
    .join("\n");
}

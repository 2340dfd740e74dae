import { isRecord } from "../../util/index.ts";
import type { Estimate } from "./estimate.ts";

export type LastEstimate = Estimate & {
  /** The phase that the run was in. */
  readonly phase: string;
};

/** What the run that goes on said last about the time that is left, less the time since. @param log text of the cluster folder's log */
export function lastEstimate(log: string, now: Date): LastEstimate | undefined {
  for (const line of log.split("\n").toReversed()) {
    if (!/"type":"(estimate|phase-ended|result)"/.test(line)) continue;
    const event = parse(line);
    if (event?.["type"] !== "estimate") return undefined;
    const [remaining, low, high, runs, at] = [
      event["remainingMs"],
      event["lowMs"],
      event["highMs"],
      event["runs"],
      Date.parse(String(event["time"])),
    ];
    if (![remaining, low, high, runs, at].every((each) => Number.isFinite(each))) return undefined;
    const left = (milliseconds: unknown): number => Math.max(0, Number(milliseconds) - Math.max(0, now.getTime() - at));
    return {
      phase: String(event["phase"]),
      remainingMs: left(remaining),
      lowMs: left(low),
      highMs: left(high),
      runs: Number(runs),
      overdue: event["overdue"] === true,
    };
  }
  return undefined;
}

function parse(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

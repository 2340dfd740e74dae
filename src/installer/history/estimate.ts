import type { PastPhase, PastRun } from "./past-run.ts";

/** How far a run is. */
export interface Position {
  /** Ids of the phases that it still has to end, the one that it is in first. */
  readonly phases: readonly string[];
  /** The steps of the first one that were seen, and how long ago each. */
  readonly steps: ReadonlyMap<string, number>;
  /** Since that phase began. */
  readonly elapsedMs: number;
}

/** What earlier runs say about the time that is left: the median, and what half of them were between. */
export interface Estimate {
  readonly remainingMs: number;
  readonly lowMs: number;
  readonly highMs: number;
  /** How many earlier runs it rests on. */
  readonly runs: number;
  /** The phase takes longer than in each of them. */
  readonly overdue: boolean;
}

/**
 * The time that is left of a run. Nothing is estimated that no earlier run has done: without one for each of the phases there is no answer.
 * A step that takes longer than usual holds the estimate where it is, since what comes after it takes its time all the same; so the estimate
 * never grows while a run goes on.
 */
export function estimate(runs: readonly PastRun[], position: Position): Estimate | undefined {
  const [current, ...later] = position.phases.map((id) => runs.flatMap(({ phases }) => phases.find(({ phase }) => phase === id) ?? []));
  if (current === undefined || [current, ...later].some((samples) => samples.length === 0)) return undefined;
  const duration = spreadOf(current.map(({ durationMs }) => durationMs));
  const left = leftOf(current, duration.middle, position);
  const share = duration.middle === 0 ? 0 : left / duration.middle;
  const rest = later.map((samples) => spreadOf(samples.map(({ durationMs }) => durationMs)));
  const sum = (key: keyof Spread): number => rest.reduce((total, spread) => total + spread[key], 0);
  return {
    remainingMs: Math.round(left + sum("middle")),
    lowMs: Math.round(duration.low * share + sum("low")),
    highMs: Math.round(duration.high * share + sum("high")),
    runs: Math.min(...[current, ...later].map((samples) => samples.length)),
    overdue: position.elapsedMs > Math.max(...current.map(({ durationMs }) => durationMs)),
  };
}

/** Milliseconds that are left of the current phase. */
function leftOf(samples: readonly PastPhase[], duration: number, { steps, elapsedMs }: Position): number {
  const offsets = offsetsOf(samples, duration);
  let base = 0;
  let since = elapsedMs;
  for (const [step, agoMs] of steps) {
    const offset = offsets.get(step);
    if (offset === undefined || offset < base) continue;
    // Of several that are usually seen together the first.
    since = offset === base ? Math.max(since, agoMs) : agoMs;
    base = offset;
  }
  const next = Math.min(duration, ...[...offsets.values()].filter((offset) => offset > base));
  return duration - next + Math.max(0, next - base - Math.max(0, since));
}

/** When each step is usually first seen: of those that at least half of the runs had. */
function offsetsOf(samples: readonly PastPhase[], duration: number): ReadonlyMap<string, number> {
  const seen = new Map<string, number[]>();
  for (const { steps } of samples) for (const { step, atMs } of steps) seen.set(step, [...(seen.get(step) ?? []), atMs]);
  return new Map(
    [...seen].flatMap(([step, times]) => (times.length * 2 < samples.length ? [] : [[step, Math.min(duration, spreadOf(times).middle)] as const])),
  );
}

interface Spread {
  readonly low: number;
  readonly middle: number;
  readonly high: number;
}

/** Quartiles, so that a run on a bad day counts as one run and no more. Values between two are interpolated. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => {
    const place = (sorted.length - 1) * share;
    const [below, above] = [sorted[Math.floor(place)] ?? 0, sorted[Math.ceil(place)] ?? 0];
    return below + (above - below) * (place - Math.floor(place));
  };
  return { low: at(0.25), middle: at(0.5), high: at(0.75) };
}

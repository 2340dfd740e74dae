/** One comparison: how long ours takes, how long the plainest way to the same end takes, side by side in the same run. */
export interface Comparison {
  /** `startup`, `assets`…: what `npm run bench -- NAME` takes. */
  readonly name: string;
  readonly ours: string;
  readonly baseline: string;
  /** What the figures are instead of milliseconds. */
  readonly unit?: "KiB" | "MiB" | "requests";
  /** Milliseconds, one a run, in the order they were measured. */
  readonly oursMs: readonly number[];
  readonly baselineMs: readonly number[];
  readonly oursMedianMs: number;
  readonly baselineMedianMs: number;
  /** Our median over the median of the baseline. */
  readonly ratio: number;
  /** At most this, if there is a limit. */
  readonly target?: number;
  /** Of our time, what we cannot change, measured in the same turns. */
  readonly floor?: { readonly title: string; readonly ms: readonly number[]; readonly medianMs: number };
}

export interface Side {
  readonly title: string;
  readonly run: () => Promise<unknown>;
  /** Not timed, nor is `after`. */
  readonly before?: () => Promise<unknown>;
  readonly after?: () => Promise<unknown>;
}

export interface Sides {
  readonly name: string;
  readonly ours: Side;
  readonly baseline: Side;
  readonly runs: number;
  readonly target?: number;
  /** Runs after ours. */
  readonly floor?: Side;
}

/**
 * Runs both sides in turn, so that a host that gets slower or faster meanwhile does so for both. The first pair warms
 * the caches and is not counted.
 */
export async function compare(sides: Sides): Promise<Comparison> {
  const oursMs: number[] = [];
  const baselineMs: number[] = [];
  const floorMs: number[] = [];
  for (let index = -1; index < sides.runs; index++) {
    const baseline = await timed(sides.baseline);
    const ours = await timed(sides.ours);
    const floor = sides.floor === undefined ? undefined : await timed(sides.floor);
    if (index < 0) continue;
    if (floor !== undefined) floorMs.push(floor);
    baselineMs.push(baseline);
    oursMs.push(ours);
  }
  const oursMedianMs = median(oursMs);
  const baselineMedianMs = median(baselineMs);
  return {
    name: sides.name,
    ours: sides.ours.title,
    baseline: sides.baseline.title,
    oursMs,
    baselineMs,
    oursMedianMs,
    baselineMedianMs,
    ratio: oursMedianMs / baselineMedianMs,
    ...(sides.target === undefined ? {} : { target: sides.target }),
    ...(sides.floor === undefined ? {} : { floor: { title: sides.floor.title, ms: floorMs, medianMs: median(floorMs) } }),
  };
}

async function timed(side: Side): Promise<number> {
  try {
    await side.before?.();
    const start = performance.now();
    await side.run();
    return Math.round((performance.now() - start) * 10) / 10;
  } finally {
    await side.after?.();
  }
}

/** A comparison of one figure with another, where there are no runs to take the median of. */
export function figures(row: Pick<Comparison, "name" | "ours" | "baseline" | "target" | "unit">, ours: number, baseline: number): Comparison {
  return { ...row, oursMs: [], baselineMs: [], oursMedianMs: ours, baselineMedianMs: baseline, ratio: ours / baseline };
}

/** The middle value; of an even number of values the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError("no values");
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

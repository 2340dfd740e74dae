import type { Comparison } from "./measure.ts";

/** One comparison, and when it was measured: cases are measured one by one as well. */
export type Row = Comparison & { readonly measuredAt: string };

export interface Failure {
  /** Of the case. */
  readonly name: string;
  readonly cause: string;
}

/** bench/results.json: all of it from one kind of host. */
export interface Results {
  readonly host: Readonly<Record<string, string | number>>;
  readonly comparisons: readonly Row[];
  readonly failures: readonly Failure[];
}

/** What one case has brought: `NAME` and `NAME-…` are its rows. */
export interface Measured {
  readonly name: string;
  readonly measuredAt: string;
  readonly comparisons: readonly Comparison[];
  readonly cause?: string;
}

/**
 * The results with the rows of one case replaced, in the order of `names`. What another kind of host has measured is left out: ratios of several
 * hosts side by side would say nothing.
 */
export function merged(before: Results | undefined, host: Results["host"], measured: Measured, names: readonly string[]): Results {
  const kept = before !== undefined && JSON.stringify(before.host) === JSON.stringify(host) ? before : { comparisons: [], failures: [] };
  const isOf = (name: string, row: string): boolean => row === name || row.startsWith(`${name}-`);
  const rows = [
    ...kept.comparisons.filter(({ name }) => !isOf(measured.name, name)),
    ...measured.comparisons.map((each) => ({ measuredAt: measured.measuredAt, ...each })),
  ];
  return {
    host,
    comparisons: names.flatMap((name) => rows.filter((row) => isOf(name, row.name))),
    failures: [
      ...kept.failures.filter(({ name }) => name !== measured.name),
      ...(measured.cause === undefined ? [] : [{ name: measured.name, cause: measured.cause }]),
    ],
  };
}

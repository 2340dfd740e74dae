import type { Comparison } from "./measure.ts";

/** One comparison, when it was measured and on what: cases are measured one by one as well, and each ratio is of one run on one host. */
export type Row = { readonly measuredAt: string; readonly host: string } & Comparison;

export interface Failure {
  /** Of the case. */
  readonly name: string;
  readonly cause: string;
}

/** bench/results.json. */
export interface Results {
  readonly comparisons: readonly Row[];
  readonly failures: readonly Failure[];
}

/** What one case has brought: `NAME` and `NAME-…` are its rows. */
export interface Measured {
  readonly name: string;
  readonly measuredAt: string;
  /** Processors, memory and Node of the host. */
  readonly host: string;
  readonly comparisons: readonly Comparison[];
  readonly cause?: string;
}

/** The results with the rows of one case replaced, in the order of `names`. */
export function merged(before: Results | undefined, measured: Measured, names: readonly string[]): Results {
  const kept = before ?? { comparisons: [], failures: [] };
  const isOf = (name: string, row: string): boolean => row === name || row.startsWith(`${name}-`);
  const rows = [
    ...kept.comparisons.filter(({ name }) => !isOf(measured.name, name)),
    ...measured.comparisons.map((each) => ({ measuredAt: measured.measuredAt, host: measured.host, ...each })),
  ];
  return {
    comparisons: names.flatMap((name) => rows.filter((row) => isOf(name, row.name))),
    failures: [
      ...kept.failures.filter(({ name }) => name !== measured.name),
      ...(measured.cause === undefined ? [] : [{ name: measured.name, cause: measured.cause }]),
    ],
  };
}

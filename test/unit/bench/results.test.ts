import { describe, expect, it } from "vitest";
import type { Comparison } from "../../../bench/measure.ts";
import { merged, type Results } from "../../../bench/results.ts";

const HOST = { model: "a", processors: 2 };
const NAMES = ["startup", "machines", "vsphere"];
const comparison = (name: string, ratio: number): Comparison => ({
  name,
  ours: "ours",
  baseline: "theirs",
  oursMs: [],
  baselineMs: [],
  oursMedianMs: ratio,
  baselineMedianMs: 1,
  ratio,
});
const row = (name: string, ratio: number, measuredAt: string): Results["comparisons"][number] => ({ measuredAt, ...comparison(name, ratio) });

const before: Results = {
  host: HOST,
  comparisons: [row("machines-1", 1, "monday"), row("machines-8", 1, "monday"), row("vsphere-import", 1, "monday")],
  failures: [{ name: "startup", cause: "no node" }],
};

describe("the bench's results", () => {
  it("have the rows of one case replaced, and keep the others with their time", () => {
    const measured = { name: "machines", measuredAt: "friday", comparisons: [comparison("machines-1", 2)] };
    expect(merged(before, HOST, measured, NAMES)).toEqual({
      host: HOST,
      comparisons: [row("machines-1", 2, "friday"), row("vsphere-import", 1, "monday")],
      failures: before.failures,
    });
  });

  it("lose a failure when the case is measured, and tell a new one", () => {
    const startup = merged(before, HOST, { name: "startup", measuredAt: "friday", comparisons: [comparison("startup", 3)] }, NAMES);
    expect(startup.failures).toEqual([]);
    expect(startup.comparisons.map(({ name }) => name)).toEqual(["startup", "machines-1", "machines-8", "vsphere-import"]);
    expect(merged(startup, HOST, { name: "machines", measuredAt: "friday", comparisons: [], cause: "no libvirt" }, NAMES)).toMatchObject({
      comparisons: [{ name: "startup" }, { name: "vsphere-import" }],
      failures: [{ name: "machines", cause: "no libvirt" }],
    });
  });

  it("are of one kind of host only", () => {
    const other = { ...HOST, processors: 64 };
    const measured = { name: "startup", measuredAt: "friday", comparisons: [comparison("startup", 3)] };
    expect(merged(before, other, measured, NAMES)).toEqual({ host: other, comparisons: [row("startup", 3, "friday")], failures: [] });
  });
});

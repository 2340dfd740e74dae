import { describe, expect, it } from "vitest";
import type { Comparison } from "../../../bench/measure.ts";
import { merged, type Results } from "../../../bench/results.ts";

const HOST = "a, 2 processors";
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
const row = (name: string, ratio: number, measuredAt: string): Results["comparisons"][number] => ({
  measuredAt,
  host: HOST,
  ...comparison(name, ratio),
});

const before: Results = {
  comparisons: [row("machines-1", 1, "monday"), row("machines-8", 1, "monday"), row("vsphere-import", 1, "monday")],
  failures: [{ name: "startup", cause: "no node" }],
};

describe("the bench's results", () => {
  it("have the rows of one case replaced, and keep the others with their time", () => {
    const measured = { name: "machines", measuredAt: "friday", host: HOST, comparisons: [comparison("machines-1", 2)] };
    expect(merged(before, measured, NAMES)).toEqual({
      comparisons: [row("machines-1", 2, "friday"), row("vsphere-import", 1, "monday")],
      failures: before.failures,
    });
  });

  it("lose a failure when the case is measured, and tell a new one", () => {
    const startup = merged(before, { name: "startup", measuredAt: "friday", host: HOST, comparisons: [comparison("startup", 3)] }, NAMES);
    expect(startup.failures).toEqual([]);
    expect(startup.comparisons.map(({ name }) => name)).toEqual(["startup", "machines-1", "machines-8", "vsphere-import"]);
    expect(merged(startup, { name: "machines", measuredAt: "friday", host: HOST, comparisons: [], cause: "no libvirt" }, NAMES)).toMatchObject({
      comparisons: [{ name: "startup" }, { name: "vsphere-import" }],
      failures: [{ name: "machines", cause: "no libvirt" }],
    });
  });

  it("say of each row which host it is of", () => {
    const measured = { name: "startup", measuredAt: "friday", host: "b, 64 processors", comparisons: [comparison("startup", 3)] };
    expect(merged(before, measured, NAMES).comparisons.map(({ name, host }) => [name, host])).toEqual([
      ["startup", "b, 64 processors"],
      ["machines-1", HOST],
      ["machines-8", HOST],
      ["vsphere-import", HOST],
    ]);
  });
});

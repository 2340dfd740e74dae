import { describe, expect, it } from "vitest";
import { compare, median } from "../../../bench/measure.ts";

describe("median", () => {
  it.each([
    [[3], 3],
    [[9, 1, 2], 2],
    [[10, 2, 4, 100], 7],
  ])("of %j is %d", (values, middle) => {
    expect(median(values)).toBe(middle);
  });

  it("has no answer for no values", () => {
    expect(() => median([])).toThrow(RangeError);
  });
});

describe("compare", () => {
  it("runs both sides in turn, leaves the warm-up out and cleans up after each run", async () => {
    const log: string[] = [];
    const side = (name: string) => ({
      title: name,
      run: async () => Promise.resolve(log.push(name)),
      after: async () => Promise.resolve(log.push(`after ${name}`)),
    });
    const result = await compare({ name: "x", runs: 2, target: 1.3, ours: side("ours"), baseline: side("base") });
    expect(log).toEqual(Array.from({ length: 3 }, () => ["base", "after base", "ours", "after ours"]).flat());
    expect(result.oursMs).toHaveLength(2);
    expect(result.baselineMs).toHaveLength(2);
    expect(result.ratio).toBe(result.oursMedianMs / result.baselineMedianMs);
    expect(result.target).toBe(1.3);
  });

  it("cleans up after a run that failed, and fails", async () => {
    let cleaned = false;
    const broken = { title: "broken", run: () => Promise.reject(new Error("no")), after: async () => Promise.resolve((cleaned = true)) };
    await expect(compare({ name: "x", runs: 1, ours: broken, baseline: broken })).rejects.toThrow("no");
    expect(cleaned).toBe(true);
  });
});

import { describe, expect, it } from "vitest";
import { autoscalingShare, shareOf } from "../../../src/config/machine-api/autoscaling.ts";

const upTo = (last: number): number[] => Array.from({ length: last + 1 }, (_, number) => number);
const sharesOf = (total: number, count: number): number[] => upTo(count - 1).map((index) => shareOf(total, index, count));

describe("what the MachineSets of a pool get", () => {
  it("adds up to the whole, and differs by one at most", () => {
    for (const count of [1, 2, 3, 7])
      for (const total of upTo(20)) {
        const shares = sharesOf(total, count);
        expect(shares.reduce((sum, share) => sum + share, 0)).toBe(total);
        expect(shares).toEqual(shares.toSorted((a, b) => b - a));
        expect((shares[0] ?? 0) - (shares.at(-1) ?? 0)).toBeLessThanOrEqual(1);
      }
    expect(sharesOf(5, 3)).toEqual([2, 2, 1]);
  });

  it("has its machines within its bounds wherever the pool has", () => {
    for (const count of [1, 2, 3])
      for (const minReplicas of upTo(6))
        for (const maxReplicas of upTo(8).filter((max) => max >= minReplicas && max > 0))
          for (const replicas of upTo(8).filter((number) => number >= minReplicas && number <= maxReplicas)) {
            const bounds = upTo(count - 1).map((index) => autoscalingShare({ minReplicas, maxReplicas }, index, count));
            expect(bounds.reduce((sum, each) => sum + (each?.minReplicas ?? 0), 0)).toBe(minReplicas);
            expect(bounds.reduce((sum, each) => sum + (each?.maxReplicas ?? 0), 0)).toBe(maxReplicas);
            bounds.forEach((each, index) => {
              const own = shareOf(replicas, index, count);
              expect(own).toBeGreaterThanOrEqual(each?.minReplicas ?? 0);
              expect(own).toBeLessThanOrEqual(each?.maxReplicas ?? 0);
            });
          }
  });

  it("is nothing to scale for a set that can never have a machine", () => {
    expect(upTo(2).map((index) => autoscalingShare({ minReplicas: 0, maxReplicas: 2 }, index, 3))).toEqual([
      { minReplicas: 0, maxReplicas: 1 },
      { minReplicas: 0, maxReplicas: 1 },
      undefined,
    ]);
  });
});

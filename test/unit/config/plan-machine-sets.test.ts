import fc from "fast-check";
import { expect, it } from "vitest";
import { shareOf } from "../../../src/config/index.ts";

it("the shares of a number add up to it, differ by one at most, and fall", () => {
  fc.assert(
    fc.property(fc.nat(10_000), fc.integer({ min: 1, max: 40 }), (total, count) => {
      const shares = Array.from({ length: count }, (_, index) => shareOf(total, index, count));
      expect(shares.reduce((sum, each) => sum + each, 0)).toBe(total);
      expect((shares[0] ?? 0) - (shares.at(-1) ?? 0)).toBeLessThanOrEqual(1);
      expect(shares.toSorted((a, b) => b - a)).toEqual(shares);
    }),
  );
});

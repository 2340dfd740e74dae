import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { estimate, type Estimate, type Position } from "../../src/installer/history/estimate.ts";
import type { PastPhase, PastRun } from "../../src/installer/history/past-run.ts";

const PHASES = ["create-infrastructure", "bootstrap-complete", "install-complete"];
const STEPS = ["Network", "Machine", "api", "nodes", "etcd"];
const milliseconds = fc.nat({ max: 3_600_000 });

const pastPhase = (phase: string): fc.Arbitrary<PastPhase> =>
  fc.record({
    phase: fc.constant(phase),
    durationMs: milliseconds,
    steps: fc.uniqueArray(fc.record({ step: fc.constantFrom(...STEPS), atMs: milliseconds }), { selector: ({ step }) => step }),
  });
const pastRun: fc.Arbitrary<PastRun> = fc.tuple(...PHASES.map(pastPhase)).map((phases) => ({
  kind: { distribution: "kubernetes", platform: "p", pace: "any", goal: "cluster" },
  machines: 3,
  endedAt: "2026-01-02T03:04:05.000Z",
  phases,
}));
const pastRuns = fc.array(pastRun, { minLength: 1, maxLength: 9 });

/** A run as it goes on: in each of its phases steps are seen, one after the other, with time between them. */
const moments: fc.Arbitrary<readonly Position[]> = fc
  .array(fc.array(fc.record({ step: fc.option(fc.constantFrom(...STEPS)), afterMs: milliseconds }), { maxLength: 6 }), {
    minLength: PHASES.length,
    maxLength: PHASES.length,
  })
  .map((phases) =>
    phases.flatMap((events, index) => {
      const seen = new Map<string, number>();
      let now = 0;
      const at = (): Position => ({
        phases: PHASES.slice(index),
        steps: new Map([...seen].map(([step, time]) => [step, now - time])),
        elapsedMs: now,
      });
      return [
        at(),
        ...events.map(({ step, afterMs }) => {
          now += afterMs;
          if (step !== null && !seen.has(step)) seen.set(step, now);
          return at();
        }),
      ];
    }),
  );

const estimated = (runs: readonly PastRun[], position: Position): Estimate => {
  const found = estimate(runs, position);
  if (found === undefined) throw new Error("no estimate");
  return found;
};

describe("the time that is left", () => {
  it("is never negative, and between its bounds", () => {
    fc.assert(
      fc.property(pastRuns, moments, (runs, positions) => {
        for (const position of positions) {
          const { lowMs, remainingMs, highMs, runs: count } = estimated(runs, position);
          expect(lowMs).toBeGreaterThanOrEqual(0);
          expect(remainingMs).toBeGreaterThanOrEqual(lowMs);
          expect(highMs).toBeGreaterThanOrEqual(remainingMs);
          expect(count).toBe(runs.length);
        }
      }),
    );
  });

  it("never grows while a run goes on", () => {
    fc.assert(
      fc.property(pastRuns, moments, (runs, positions) => {
        const left = positions.map((position) => estimated(runs, position).remainingMs);
        expect(left).toEqual(left.toSorted((a, b) => b - a));
      }),
    );
  });

  it("is at the beginning what such a run took, whatever a few others did", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), milliseconds, fc.array(pastRun, { maxLength: 4 }), (most, duration, others) => {
        const usual = (run: PastRun): PastRun => ({ ...run, phases: PHASES.map((phase) => ({ phase, durationMs: duration, steps: [] })) });
        const odd = others.slice(0, most);
        const [template] = fc.sample(pastRun, { numRuns: 1, seed: 1 });
        const runs = [...odd, ...Array.from({ length: odd.length + 1 }, () => usual(template as PastRun))];
        const position = { phases: PHASES, steps: new Map<string, number>(), elapsedMs: 0 };
        expect(estimated(runs, position).remainingMs).toBe(duration * PHASES.length);
      }),
    );
  });

  it("is not known of a phase that no run has ended", () => {
    fc.assert(
      fc.property(fc.array(pastRun, { maxLength: 4 }), fc.constantFrom(...PHASES), (runs, missing) => {
        const without = runs.map((run) => ({ ...run, phases: run.phases.filter(({ phase }) => phase !== missing) }));
        expect(estimate(without, { phases: PHASES, steps: new Map(), elapsedMs: 0 })).toBeUndefined();
      }),
    );
  });

  it("counts a phase that takes longer than ever as overdue, and what comes after it in full", () => {
    fc.assert(
      fc.property(pastRuns, (runs) => {
        const longest = Math.max(...runs.map(({ phases }) => phases[0]?.durationMs ?? 0));
        const late = estimated(runs, { phases: PHASES, steps: new Map(), elapsedMs: longest + 1 });
        const after = estimated(runs, { phases: PHASES.slice(1), steps: new Map(), elapsedMs: 0 });
        expect(late.overdue).toBe(true);
        expect(late.remainingMs).toBeGreaterThanOrEqual(after.remainingMs);
        expect(estimated(runs, { phases: PHASES, steps: new Map(), elapsedMs: 0 }).overdue).toBe(false);
      }),
    );
  });
});

import { describe, expect, it } from "vitest";
import type { InstallerEvent } from "../../../../src/events/index.ts";
import { Forecast, type ForecastOptions } from "../../../../src/installer/history/forecast.ts";
import { lastEstimate } from "../../../../src/installer/history/last-estimate.ts";
import type { PastRun } from "../../../../src/installer/history/past-run.ts";

const PAST: PastRun = {
  kind: { distribution: "kubernetes", platform: "p", pace: "any", goal: "cluster" },
  machines: 2,
  endedAt: "2026-01-02T03:04:05.000Z",
  phases: [
    { phase: "create-infrastructure", durationMs: 60_000, steps: [{ step: "Machine", atMs: 20_000 }] },
    { phase: "bootstrap-complete", durationMs: 300_000, steps: [{ step: "nodes", atMs: 200_000 }] },
  ],
};

/** A forecast on a clock that stands until `at` moves it. */
function follow(options: Partial<ForecastOptions> = {}) {
  let now = 0;
  const events: InstallerEvent[] = [];
  const forecast = new Forecast(
    {
      phases: ["create-infrastructure", "bootstrap-complete"],
      done: new Set(),
      tried: new Map(),
      past: [PAST],
      clock: { now: () => new Date(now), sleep: () => Promise.resolve() },
      ...options,
    },
    { emit: (event) => events.push(event) },
  );
  return {
    forecast,
    at: (seconds: number, event: InstallerEvent) => {
      now = seconds * 1_000;
      forecast.emit(event);
    },
    left: () => events.flatMap((event) => (event.type === "estimate" ? [event.remainingMs / 1_000] : [])),
    events,
  };
}

const started = (phase: string): InstallerEvent => ({ type: "phase-started", phase, title: phase });
const ended = (phase: string, seconds: number, outcome: "done" | "failed" = "done"): InstallerEvent => ({
  type: "phase-ended",
  phase,
  outcome,
  durationMs: seconds * 1_000,
});
const machine: InstallerEvent = {
  type: "resource",
  operation: "create",
  urn: "urn",
  name: "c-master-0",
  kind: "virt-ipi:kvm:Machine",
  status: "started",
};
const waiting = (reason: string): InstallerEvent => ({ type: "waiting", subject: "c", reason, elapsedMs: 0 });

describe("a run with earlier ones", () => {
  it("says what is left: at a phase's start, at each step, and every half minute", () => {
    const { at, left, events } = follow();
    at(0, started("create-infrastructure"));
    at(30, machine);
    at(31, machine);
    at(45, ended("create-infrastructure", 45));
    at(45, started("bootstrap-complete"));
    at(50, waiting("not yet"));
    at(80, waiting("not yet"));
    at(100, waiting("waiting for nodes: none"));
    expect(left()).toEqual([360, 340, 300, 265, 100]);
    // Each after the event that it follows from.
    expect(events.slice(0, 2).map(({ type }) => type)).toEqual(["phase-started", "estimate"]);
  });

  it("measures what it did itself, for the next", () => {
    const { forecast, at } = follow();
    at(0, started("create-infrastructure"));
    at(30, machine);
    at(45, ended("create-infrastructure", 45));
    at(45, started("bootstrap-complete"));
    at(50, ended("bootstrap-complete", 5, "failed"));
    expect(forecast.measured).toEqual([{ phase: "create-infrastructure", durationMs: 45_000, steps: [{ step: "Machine", atMs: 30_000 }] }]);
  });

  it("goes on where an interrupted one stopped, and does not measure half a phase", () => {
    const { forecast, at, left } = follow({ done: new Set(["create-infrastructure"]), tried: new Map([["bootstrap-complete", 120_000]]) });
    at(0, started("create-infrastructure"));
    at(5, ended("create-infrastructure", 5));
    at(5, started("bootstrap-complete"));
    at(60, ended("bootstrap-complete", 55));
    expect(left()).toEqual([300, 180]);
    expect(forecast.measured).toEqual([]);
  });

  it("says nothing without them, and passes all on", () => {
    const { at, events } = follow({ past: [] });
    at(0, started("create-infrastructure"));
    at(100, machine);
    expect(events).toEqual([started("create-infrastructure"), machine]);
  });
});

describe("the last estimate of a log", () => {
  const AT = "2026-01-02T03:04:05.000Z";
  const line = (event: object): string => `${JSON.stringify({ time: AT, ...event })}\n`;
  const said = line({ type: "estimate", phase: "p", remainingMs: 60_000, lowMs: 30_000, highMs: 90_000, runs: 2, overdue: false });
  const later = new Date("2026-01-02T03:04:45.000Z");

  it("is less by the time since", () => {
    expect(lastEstimate(said + line(waiting("not yet")), later)).toEqual({
      phase: "p",
      remainingMs: 20_000,
      lowMs: 0,
      highMs: 50_000,
      runs: 2,
      overdue: false,
    });
  });

  it.each([
    ["a phase that ended", said + line(ended("p", 1))],
    ["an empty log", ""],
    ["a damaged one", '{"type":"estimate","remainingMs":"x"}\n{"type":"esti'],
    ["a line that a kill cut short", said.slice(0, -20)],
  ])("is none in %s", (_what, log) => {
    expect(lastEstimate(log, later)).toBeUndefined();
  });
});

import { beforeEach, describe, expect, it } from "vitest";
import type { KubeClient, ObjectKind, ObjectName } from "../../../src/kube/index.ts";
import { DrainLimits } from "../../../src/machines/controller/drain-limits.ts";
import { NoticedStates } from "../../../src/machines/controller/noticed-states.ts";
import { tendMachines } from "../../../src/machines/controller/tend-machines.ts";
import type { Machine } from "../../../src/machines/observe/kinds.ts";

const STATE = "machine.openshift.io/instance-state";
const LIMIT = "virt-ipi.io/drain-timeout";
const EXCLUDED = "machine.openshift.io/exclude-node-draining";

let now: number;
const clock = {
  now: () => new Date(now),
  sleep: (ms: number, signal?: AbortSignal) => {
    now += ms;
    signal?.throwIfAborted();
    return Promise.resolve();
  },
};
beforeEach(() => {
  now = Date.parse("2026-01-01T01:00:00Z");
});

interface Change {
  readonly phase?: string;
  readonly annotations?: Record<string, string>;
  readonly deletionTimestamp?: string;
  readonly drained?: string;
  readonly hooks?: readonly object[];
  readonly node?: boolean;
}

const machine = (name: string, { phase = "Running", annotations = {}, deletionTimestamp, drained, hooks, node = true }: Change = {}): Machine => ({
  metadata: { name, uid: `uid-${name}`, annotations, ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }) },
  spec: hooks === undefined ? {} : { lifecycleHooks: { preDrain: hooks } },
  status: {
    phase,
    ...(node ? { nodeRef: { name } } : {}),
    ...(drained === undefined ? {} : { conditions: [{ type: "Drained", status: drained }] }),
  },
});

describe("states of virtual machines", () => {
  const running = { [STATE]: "running" };
  const seen = (noticed: NoticedStates, machines: readonly Machine[], states: Record<string, string>) =>
    noticed.of(machines, new Map(Object.entries(states))).map(({ machine: { metadata }, state }) => `${metadata.name} ${state}`);

  it("are noticed where the Machine says another one, each once", () => {
    const noticed = new NoticedStates();
    const machines = [machine("a", { annotations: running }), machine("b", { annotations: running }), machine("c", { annotations: running })];
    expect(seen(noticed, machines, { a: "running", b: "shut off" })).toEqual(["b shut off", "c missing"]);
    expect(seen(noticed, machines, { a: "running", b: "shut off" })).toEqual([]);
    expect(seen(noticed, machines, { a: "running" })).toEqual(["b missing"]);
  });

  it("are noticed again once the Machine has said them in between", () => {
    const noticed = new NoticedStates();
    expect(seen(noticed, [machine("a", { annotations: running })], { a: "shut off" })).toEqual(["a shut off"]);
    expect(seen(noticed, [machine("a", { annotations: { [STATE]: "shut off" } })], { a: "shut off" })).toEqual([]);
    expect(seen(noticed, [machine("a", { annotations: running })], { a: "shut off" })).toEqual(["a shut off"]);
  });

  it.each(["Provisioning", "Deleting", "Failed", ""])("are not compared in phase %j", (phase) => {
    expect(seen(new NoticedStates(), [machine("a", { phase, annotations: running })], {})).toEqual([]);
  });

  it("are not compared where none was ever found", () => {
    expect(seen(new NoticedStates(), [machine("a", { phase: "Provisioned" })], {})).toEqual([]);
  });
});

describe("limits of drains", () => {
  const deleting = { phase: "Deleting", deletionTimestamp: "2026-01-01T00:50:00Z" };
  const overdue = (limits: DrainLimits, change: Change) => limits.of([machine("a", { ...deleting, ...change })]).map(({ limit }) => limit);

  it("begin with the deletion", () => {
    const limits = new DrainLimits(clock);
    const annotations = { [LIMIT]: "15m" };
    expect(overdue(limits, { annotations })).toEqual([]);
    now += 5 * 60_000;
    expect(overdue(limits, { annotations })).toEqual(["15m"]);
  });

  it("begin with the end of the last hook that has held the drain back", () => {
    const limits = new DrainLimits(clock);
    const annotations = { [LIMIT]: "5m" };
    expect(overdue(limits, { annotations, hooks: [{}] })).toEqual([]);
    now += 60 * 60_000;
    expect(overdue(limits, { annotations })).toEqual([]);
    now += 4 * 60_000;
    expect(overdue(limits, { annotations })).toEqual([]);
    now += 60_000;
    expect(overdue(limits, { annotations })).toEqual(["5m"]);
  });

  it.each<readonly [string, Change]>([
    ["has no limit", {}],
    ["has a limit that is no duration", { annotations: { [LIMIT]: "soon" } }],
    ["is drained", { annotations: { [LIMIT]: "1m" }, drained: "True" }],
    ["is not drained at all", { annotations: { [LIMIT]: "1m", [EXCLUDED]: "" } }],
    ["has no node", { annotations: { [LIMIT]: "1m" }, node: false }],
  ])("do not count for one that %s", (_, change) => {
    expect(overdue(new DrainLimits(clock), change)).toEqual([]);
  });

  it("do not count for one that stays", () => {
    expect(new DrainLimits(clock).of([machine("a", { annotations: { [LIMIT]: "1m" } })])).toEqual([]);
  });
});

describe("machines that are tended", () => {
  it("are looked at when their state changes, and are drained no longer than their limit", async () => {
    const machines = [
      machine("a", { annotations: { [STATE]: "running" } }),
      machine("b", { phase: "Deleting", deletionTimestamp: "2026-01-01T00:50:00Z", annotations: { [LIMIT]: "1m" } }),
    ];
    const written: unknown[] = [];
    const client = {
      list: () => Promise.resolve(machines),
      patch: (_: ObjectKind, { name }: ObjectName, change: unknown) => Promise.resolve(written.push([name, change])),
      apply: (_: ObjectKind, object: unknown) => Promise.resolve(written.push(object)),
    } as unknown as KubeClient;
    const stop = new AbortController();
    const lines: string[] = [];
    let looks = 0;
    const states = () => {
      if (++looks === 3) stop.abort(new Error("enough"));
      return looks === 2 ? Promise.reject(new Error("no answer")) : Promise.resolve(new Map([["a", "crashed"]]));
    };
    const onLine = (level: string, message: string): void => void lines.push(`${level}: ${message}`);
    await expect(tendMachines(client, { actuator: { states }, clock, signal: stop.signal, onLine })).rejects.toThrow("enough");
    expect(written.slice(0, 3)).toEqual([
      ["b", { metadata: { annotations: { [EXCLUDED]: "" } } }],
      expect.objectContaining({
        kind: "Event",
        metadata: { name: "b.draintimeout", namespace: "openshift-machine-api" },
        involvedObject: expect.objectContaining({ kind: "Machine", name: "b", uid: "uid-b" }) as unknown,
        type: "Warning",
        reason: "DrainTimeout",
      }),
      ["a", { metadata: { annotations: { "virt-ipi.io/seen-state": "crashed" } } }],
    ]);
    expect(written.filter((each) => Array.isArray(each) && each[0] === "a")).toHaveLength(1);
    expect(lines).toContain("info: virtual machine a is crashed");
    expect(lines.filter((line) => line.startsWith("warning: virtual machines cannot be looked at"))).toHaveLength(1);
  });
});

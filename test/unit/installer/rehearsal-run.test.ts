import { beforeEach, describe, expect, it } from "vitest";
import type { World } from "../../../src/installer/context.ts";
import { RehearsalRun } from "../../../src/installer/rehearsal-run.ts";
import { beforeRehearsal, givePoliciesBack } from "../../../src/installer/rehearsal-state.ts";
import { settleRehearsals } from "../../../src/installer/settle-rehearsals.ts";
import type { KubeClient, ObjectKind, ObjectName } from "../../../src/kube/index.ts";
import type { Machine, MachineSet } from "../../../src/machines/index.ts";

/**
 * A rehearsal beside a controller that has not seen a mark on a Machine when it sees the set's number: it learns of both apart. The API and the
 * controller are played; it acts while time passes.
 */

const SET = "demo-worker";
const OWN = ["demo-worker-a", "demo-worker-b"];
const STEPS = ["create-a-Machine", "create-the-virtual-machine", "register-the-node", "become-Ready", "drain-the-node", "remove-the-virtual-machine"];
const POLICIES = [undefined, "Random", "Oldest", "Newest"];

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

const machineOf = (name: string): Machine => ({
  metadata: { name, uid: `uid-${name}`, labels: { "machine.openshift.io/cluster-api-machineset": SET } },
  spec: { providerID: `played://${name}` },
  status: { phase: "Running", nodeRef: { name } },
});

let now: number;
let stop: AbortController;
/** The phase at whose beginning the run is interrupted. */
let interruptAt: string | undefined;
/** What happens at the beginning of a phase. */
let happens: Readonly<Record<string, () => void>>;
let warnings: string[];
/** Why it waits, as it is said. */
let waits: string[];
/** Of the controllers. */
let events: readonly object[];
let acts: boolean;
/** Whether it has seen the marks on Machines by now. */
let seesMarks: boolean;
let set: MachineSet;
/** In the order in which they were created. */
let machines: Machine[];
let created: number;

beforeEach(() => {
  now = Date.parse("2026-01-01T00:00:00Z");
  stop = new AbortController();
  interruptAt = undefined;
  happens = {};
  [waits, events] = [[], []];
  [warnings, acts, seesMarks, created] = [[], true, false, 0];
  machines = OWN.map(machineOf);
});

const began = (deletePolicy: string | undefined): MachineSet => ({
  metadata: { name: SET, generation: 1, annotations: {} },
  spec: { replicas: OWN.length, ...(deletePolicy === undefined ? {} : { deletePolicy }) },
  status: { replicas: OWN.length, readyReplicas: OWN.length, observedGeneration: 1 },
});

/** Lets a machine fail. */
const fail = (name: string): void => {
  machines = machines.map((machine) =>
    machine.metadata.name === name ? { ...machine, status: { ...machine.status, phase: "Failed", errorMessage: "its disk is full" } } : machine,
  );
};

const isDeleting = ({ metadata }: Machine): boolean => metadata.deletionTimestamp !== undefined;

/** One look of the controller: by the policy of the set as it is, and mostly by Machines without marks. What has failed goes first, by each policy. */
function act(): void {
  machines = machines.filter((machine) => !isDeleting(machine));
  const { replicas = 1, deletePolicy } = set.spec;
  if (machines.length < replicas) machines.push(machineOf(`demo-worker-new-${(created += 1)}`));
  else if (machines.length > replicas) {
    const failed = machines.findIndex(({ status }) => status?.errorMessage !== undefined);
    const marked = seesMarks ? machines.findIndex(({ metadata }) => metadata.annotations?.["machine.openshift.io/delete-machine"] !== undefined) : -1;
    const chosen = failed >= 0 ? failed : marked >= 0 ? marked : deletePolicy === "Newest" ? machines.length - 1 : 0;
    machines = machines.map((machine, index) =>
      index === chosen ? { ...machine, metadata: { ...machine.metadata, deletionTimestamp: new Date(now).toISOString() } } : machine,
    );
  }
  set = { ...set, status: { replicas, readyReplicas: machines.length, observedGeneration: set.metadata.generation ?? 0 } };
}

/** A merge patch. */
const merged = (value: unknown, patch: object): object => {
  const result: Record<string, unknown> = { ...(value as object | undefined) };
  for (const [key, change] of Object.entries(patch) as readonly (readonly [string, unknown])[])
    if (change === null) delete result[key];
    else result[key] = typeof change === "object" ? merged(result[key], change as object) : change;
  return result;
};

const client = {
  server: "https://played:6443",
  read: ({ kind }: ObjectKind) =>
    Promise.resolve(
      kind === "Lease"
        ? { spec: { holderIdentity: "played", renewTime: new Date(now).toISOString(), leaseDurationSeconds: 30 } }
        : structuredClone(set),
    ),
  list: ({ kind }: ObjectKind) => Promise.resolve(structuredClone(kind === "MachineSet" ? [set] : kind === "Event" ? events : machines)),
  patch: ({ kind }: ObjectKind, { name }: ObjectName, change: { spec?: object }) => {
    if (kind === "Machine") {
      machines = machines.map((machine) => (machine.metadata.name === name ? (merged(machine, change) as Machine) : machine));
      return Promise.resolve({});
    }
    const next = merged(set, change) as Writable<MachineSet>;
    const generation = (set.metadata.generation ?? 0) + (change.spec === undefined ? 0 : 1);
    set = { ...next, metadata: { ...next.metadata, generation } };
    return Promise.resolve({});
  },
} as unknown as KubeClient;

const world = (): World =>
  ({
    signal: stop.signal,
    reporter: {
      emit: (event: { type: string; phase?: string; message?: string; reason?: string }) => {
        if (event.type === "waiting") waits.push(event.reason ?? "");
        if (event.type === "log") warnings.push(event.message ?? "");
        if (event.type === "phase-started") happens[event.phase ?? ""]?.();
        if (event.type === "phase-started" && event.phase === interruptAt) stop.abort(new Error("interrupted"));
      },
    },
    clock: {
      now: () => new Date(now),
      sleep: (ms: number, signal?: AbortSignal) => {
        now += ms;
        if (acts) act();
        signal?.throwIfAborted();
        return Promise.resolve();
      },
    },
  }) as unknown as World;

const run = (): RehearsalRun => new RehearsalRun(client, world(), SET, 60_000);
const found = (): object => ({ spec: set.spec, annotations: set.metadata.annotations, machines: machines.map(({ metadata }) => metadata.name) });
const asBefore = (deletePolicy: string | undefined): object => ({ spec: began(deletePolicy).spec, annotations: {}, machines: OWN });

/** What the next run does. */
async function undo(): Promise<void> {
  interruptAt = undefined;
  stop = new AbortController();
  const left = beforeRehearsal(set);
  if (left === undefined) expect.fail("nothing is left");
  await run().undo(left);
}

describe.each(POLICIES)("with deletePolicy %s", (deletePolicy) => {
  beforeEach(() => {
    set = began(deletePolicy);
  });

  it("removes the machine that was added, and no other", async () => {
    const { machine, steps } = await run().rehearse(set);
    expect(machine).toBe("demo-worker-new-1");
    expect(steps).toHaveLength(STEPS.length);
    expect(found()).toEqual(asBefore(deletePolicy));
  });

  it.each(STEPS)("keeps all others when it is interrupted in step %s, and gives the policy back", async (step) => {
    interruptAt = step;
    await expect(run().rehearse(set)).rejects.toThrow("interrupted");
    expect(set.spec).toEqual(began(deletePolicy).spec);
    for (let looks = 0; looks < 3; looks += 1) act();
    expect(machines.map(({ metadata }) => metadata.name)).toEqual(OWN);
    await undo();
    expect(found()).toEqual(asBefore(deletePolicy));
  });

  it.each(STEPS)("keeps all others when the controllers have stopped with it in step %s", async (step) => {
    interruptAt = step;
    const aborted = run().rehearse(set);
    stop.signal.addEventListener("abort", () => (acts = false));
    await expect(aborted).rejects.toThrow("interrupted");
    expect(warnings.join("\n")).toContain("run `virt-ipi rehearse` again");
    acts = true;
    for (let looks = 0; looks < 3; looks += 1) act();
    expect(machines.map(({ metadata }) => metadata.name)).toEqual(OWN);
    await undo();
    expect(found()).toEqual(asBefore(deletePolicy));
  });

  it("gives the policy back by a later command when the controllers act again, and not before", async () => {
    interruptAt = "become-Ready";
    const aborted = run().rehearse(set);
    stop.signal.addEventListener("abort", () => (acts = false));
    await expect(aborted).rejects.toThrow("interrupted");
    const { signal } = new AbortController();
    const ours = deletePolicy === "Newest" ? [] : [SET];
    expect(await givePoliciesBack(client, signal)).toEqual({ given: [], needed: ours });
    for (let looks = 0; looks < 2; looks += 1) act();
    expect(await givePoliciesBack(client, signal)).toEqual({ given: ours, needed: [] });
    expect(set.spec).toEqual(began(deletePolicy).spec);
    expect(await givePoliciesBack(client, signal)).toEqual({ given: [], needed: [] });
  });

  it.each([
    ["waits for the controller beside an installation", true, 60_000],
    ["does not wait for ever where none acts", false, 60_000],
    ["does not wait in other commands", true, 0],
  ])("gives the policy back when it may be, and %s", async (_, actsAgain, waitMs) => {
    interruptAt = "become-Ready";
    const aborted = run().rehearse(set);
    stop.signal.addEventListener("abort", () => (acts = false));
    await expect(aborted).rejects.toThrow("interrupted");
    [stop, warnings, acts] = [new AbortController(), [], actsAgain];
    const begun = now;
    await settleRehearsals(client, world(), waitMs);
    const isGiven = deletePolicy === "Newest" || (actsAgain && waitMs > 0);
    expect(set.spec.deletePolicy).toBe(isGiven ? deletePolicy : "Newest");
    expect(warnings.some((text) => text.includes("is left in demo-worker"))).toBe(!isGiven && waitMs > 0);
    expect(now - begun).toBeLessThanOrEqual(waitMs);
  });

  it("keeps a machine that fails meanwhile, and says to delete it", async () => {
    happens = { "become-Ready": () => fail(OWN[0] ?? "") };
    await expect(run().rehearse(set)).rejects.toThrow("demo-worker-a could be removed in place of the machine of a rehearsal (its disk is full)");
    for (let looks = 0; looks < 3; looks += 1) act();
    expect(machines.map(({ metadata }) => metadata.name)).toEqual([...OWN, "demo-worker-new-1"]);
    expect(warnings.join("\n")).toContain("has one machine too many (MachineSet demo-worker: demo-worker-a could be removed");
    // Deleted, it is replaced by its set: the machine of the rehearsal is another.
    machines = machines.filter(({ metadata }) => metadata.name !== OWN[0]);
    act();
    seesMarks = true;
    await undo();
    expect(found()).toEqual({ ...asBefore(deletePolicy), machines: [OWN[1], "demo-worker-new-2"] });
  });

  it.each(["machine.openshift.io/delete-machine", "machine.openshift.io/cluster-api-delete-machine"])(
    "does not begin beside a machine that is marked by %s",
    async (mark) => {
      machines = machines.map((machine, index) =>
        index === 1 ? { ...machine, metadata: { ...machine.metadata, annotations: { [mark]: "by me" } } } : machine,
      );
      await expect(run().rehearse(set)).rejects.toThrow("demo-worker-b could be removed in place of the machine of a rehearsal (it is marked");
      expect(set).toEqual(began(deletePolicy));
    },
  );

  it("undoes what a run has left that was killed", async () => {
    set = {
      ...set,
      metadata: { ...set.metadata, annotations: { "virt-ipi.io/rehearsal": JSON.stringify({ replicas: 2, machines: OWN, deletePolicy }) } },
    };
    set = { ...set, spec: { ...set.spec, replicas: 3 } };
    act();
    await undo();
    expect(found()).toEqual(asBefore(deletePolicy));
  });
});

it("says that the policy is not given back yet where no controller acts", async () => {
  set = began("Oldest");
  interruptAt = "become-Ready";
  const aborted = run().rehearse(set);
  stop.signal.addEventListener("abort", () => (acts = false));
  await expect(aborted).rejects.toThrow("interrupted");
  expect(warnings.join("\n")).toContain("has its 2 machines again, but still deletePolicy Newest");
});

it("says what holds its drain", async () => {
  set = began(undefined);
  const name = "demo-worker-new-1";
  const [reason, message] = ["DrainRequeued", "a budget keeps the pod db"];
  events = [{ reason, message, lastTimestamp: "2026-01-01T00:00:00Z", involvedObject: { uid: `uid-${name}` } }];
  await run().rehearse(set);
  expect(waits).toContain(`${name}: Deleting, ${message}`);
});

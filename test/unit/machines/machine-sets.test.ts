import { describe, expect, it } from "vitest";
import type { KubeClient, ObjectKind } from "../../../src/kube/index.ts";
import { listMachines } from "../../../src/machines/observe/list-machines.ts";
import { machineSetsReady } from "../../../src/machines/observe/machine-sets.ts";

const NOW = new Date("2026-01-01T00:10:00Z");
const clock = { now: () => NOW, sleep: () => Promise.resolve() };
const SET = "c-abcde-worker";
const labels = { "machine.openshift.io/cluster-api-machineset": SET };

/** A cluster with these objects, by the plural of their kind. */
const clusterOf = (objects: Readonly<Record<string, readonly object[]>>): KubeClient =>
  ({
    list: ({ plural }: ObjectKind) => Promise.resolve(objects[plural]),
    read: ({ plural }: ObjectKind) => Promise.resolve(objects[plural]?.[0]),
  }) as unknown as KubeClient;

const set = (replicas: number, ready: number, more: object = {}) => ({
  metadata: { name: SET, generation: 2, ...more },
  spec: { replicas },
  status: { replicas, readyReplicas: ready, observedGeneration: 2 },
});
const lease = (renewTime: string) => [{ spec: { holderIdentity: "host_1", renewTime } }];
const running = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ metadata: { name: `m-${index}`, labels }, spec: {}, status: { phase: "Running" } }));
const renewed = lease("2026-01-01T00:09:50.000000Z");

/** A Machine that was deleted, of which a Node is there. */
const going = (name: string, status: object = {}) => ({
  metadata: { name, uid: `uid-${name}`, labels, deletionTimestamp: "2026-01-01T00:05:00Z" },
  spec: {},
  status: { phase: "Deleting", nodeRef: { name }, ...status },
});
const event = (name: string, reason: string, message: string, lastTimestamp: string | null) => ({
  reason,
  message,
  lastTimestamp,
  involvedObject: { uid: `uid-${name}` },
});

describe("the wait for MachineSets", () => {
  const look = async (objects: Readonly<Record<string, readonly object[]>>) => await machineSetsReady([SET], clock)(clusterOf(objects), undefined);

  it("is over when each has its machines as Ready nodes", async () => {
    expect(await look({ machinesets: [set(2, 2)], machines: running(2) })).toEqual({ done: true, value: undefined });
    expect(await look({ machinesets: [set(0, 0)], machines: [] })).toEqual({ done: true, value: undefined });
  });

  it("goes on while a machine of the set is being removed, which its status does not count", async () => {
    const [first, ...others] = running(2);
    const removed = { ...first, metadata: { name: "m-0", labels, deletionTimestamp: "2026-01-01T00:00:00Z" } };
    expect(await look({ machinesets: [set(1, 1)], machines: [removed, ...others], leases: renewed })).toEqual({
      done: false,
      reason: `MachineSet ${SET} has 1 of 1 machines ready (m-0: Deleting)`,
    });
  });

  it("goes on while a change was not seen, or machines of before are there", async () => {
    const old = { ...set(1, 1), metadata: { name: SET, generation: 3 } };
    expect(await look({ machinesets: [old], machines: [], leases: renewed })).toMatchObject({ done: false });
    const many = { ...set(1, 1), status: { replicas: 2, readyReplicas: 2, observedGeneration: 2 } };
    expect(await look({ machinesets: [many], machines: [], leases: renewed })).toMatchObject({ done: false });
  });

  it("names machines with phase and cause", async () => {
    const machines = [
      { metadata: { name: "m-1", labels }, spec: {}, status: { phase: "Running" } },
      { metadata: { name: "m-2", labels }, spec: {}, status: { phase: "Failed", errorMessage: "cpus: is missing" } },
      { metadata: { name: "m-3", labels }, spec: {} },
      { metadata: { name: "m-4", labels, deletionTimestamp: "2026-01-01T00:00:00Z" }, spec: {}, status: { phase: "Running" } },
      { metadata: { name: "other" }, spec: {} },
    ];
    expect(await look({ machinesets: [set(3, 1)], machines, leases: renewed })).toEqual({
      done: false,
      reason: `MachineSet ${SET} has 1 of 3 machines ready (m-2: Failed, cpus: is missing, m-3: not looked at yet, m-4: Deleting)`,
    });
  });

  it("says what holds a drain, also of several sets at once", async () => {
    const other = `${SET}-1`;
    const sets = [set(0, 0), set(0, 0, { name: other })];
    const ofOther = { ...going("b"), metadata: { ...going("b").metadata, labels: { "machine.openshift.io/cluster-api-machineset": other } } };
    const events = [
      event("a", "DrainRequeued", "a budget keeps the pod db", "2026-01-01T00:07:00Z"),
      event("b", "DrainRequeued", "a budget keeps the pod web", "2026-01-01T00:07:00Z"),
    ];
    const client = clusterOf({ machinesets: sets, machines: [going("a"), ofOther], events, leases: renewed });
    expect(await machineSetsReady([SET, other], clock)(client, undefined)).toEqual({
      done: false,
      reason: [
        `MachineSet ${SET} has 0 of 0 machines ready (a: Deleting, a budget keeps the pod db)`,
        `MachineSet ${other} has 0 of 0 machines ready (b: Deleting, a budget keeps the pod web)`,
      ].join("; "),
    });
  });

  it.each([
    ["there was none yet", []],
    ["it was long ago", lease("2026-01-01T00:08:00.000000Z")],
    ["it was given up", [{ spec: { holderIdentity: "", renewTime: "2026-01-01T00:09:50.000000Z" } }]],
  ])("says that no controller runs: %s", async (_, leases) => {
    expect(await look({ machinesets: [set(1, 0)], machines: [], leases })).toMatchObject({
      reason: expect.stringContaining("machine-controller run") as string,
    });
  });

  it("says which does not exist", async () => {
    expect(await look({ machinesets: [] })).toEqual({ done: false, reason: `MachineSets that do not exist: ${SET}` });
  });
});

describe("the list of machines", () => {
  it("goes from the set to the node", async () => {
    const machines = [
      {
        metadata: {
          name: "b",
          labels,
          annotations: { "machine.openshift.io/instance-state": "running" },
          creationTimestamp: "2026-01-01T00:00:00Z",
        },
        spec: { providerID: "kvm:///local/1" },
        status: { phase: "Running", nodeRef: { name: "b" } },
      },
      {
        metadata: { name: "a", labels: { ...labels, "machine.openshift.io/cluster-api-machine-role": "worker" } },
        spec: {},
        status: { phase: "Provisioning", conditions: [{ type: "InstanceExists", status: "False", message: "not there" }] },
      },
    ];
    expect(await listMachines(clusterOf({ machines }), clock)).toEqual([
      {
        name: "a",
        role: "worker",
        machineSet: SET,
        phase: "Provisioning",
        providerID: "",
        instanceState: "",
        node: "",
        ageSeconds: 0,
        reason: "not there",
      },
      {
        name: "b",
        role: "",
        machineSet: SET,
        phase: "Running",
        providerID: "kvm:///local/1",
        instanceState: "running",
        node: "b",
        ageSeconds: 600,
      },
    ]);
  });

  it("says what holds a drain, which the controller writes into events alone", async () => {
    const machines = [going("held"), going("drained", { conditions: [{ type: "Drained", status: "True" }] }), going("begins")];
    const events = [
      event("held", "DrainRequeued", "error when evicting pods", "2026-01-01T00:07:00Z"),
      event("held", "DrainRequeued", "drain not permitted", "2026-01-01T00:06:00Z"),
      event("held", "DrainRequeued", "of an odd time", null),
      event("held", "Deleted", "something else", "2026-01-01T00:08:00Z"),
      event("drained", "DrainRequeued", "over", "2026-01-01T00:07:00Z"),
    ];
    const listed = await listMachines(clusterOf({ machines, events }), clock);
    expect(listed.map(({ name, reason }) => [name, reason])).toEqual([
      ["begins", undefined],
      ["drained", undefined],
      ["held", "error when evicting pods"],
    ]);
  });
});

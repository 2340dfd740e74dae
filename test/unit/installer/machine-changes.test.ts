import { expect, it } from "vitest";
import { plainLine } from "../../../src/cli/reporters/plain.ts";
import type { InstallerEvent } from "../../../src/events/index.ts";
import { changesOf } from "../../../src/installer/machine-changes.ts";
import type { KubeClient, ObjectKind } from "../../../src/kube/index.ts";

/** The watch of `virt-ipi machines --watch`, as lines. */
const SET = "c-abcde-worker";
const labels = { "machine.openshift.io/cluster-api-machineset": SET, "machine.openshift.io/cluster-api-machine-role": "worker" };
let objects: Readonly<Record<string, readonly object[]>> = {};
const client = {
  list: ({ plural }: ObjectKind) => Promise.resolve(objects[plural]),
  read: ({ plural }: ObjectKind) => Promise.resolve(objects[plural]?.[0]),
} as unknown as KubeClient;
let now = Date.parse("2026-01-01T00:10:00Z");
const clock = { now: () => new Date(now), sleep: () => Promise.resolve() };

const set = (replicas: number, readyReplicas: number) => ({ metadata: { name: SET }, spec: { replicas }, status: { readyReplicas } });
const machine = (name: string, phase: string, more: object = {}, annotations: object = {}) => ({
  metadata: { name, labels, annotations, creationTimestamp: "2026-01-01T00:08:00Z" },
  spec: {},
  status: { phase, ...more },
});
const running = { "machine.openshift.io/instance-state": "running" };

it("says all at first, then what has changed, with the machines that are gone", async () => {
  const events: InstallerEvent[] = [];
  const look = changesOf({ emit: (event) => events.push(event) }, clock);
  const lines = async (): Promise<readonly (string | undefined)[]> => {
    events.length = 0;
    const { reason } = (await look(client, undefined)) as { reason: string };
    return [...events.map((event) => plainLine(event)?.trim()), reason];
  };
  const renewed = [{ spec: { holderIdentity: "host", renewTime: new Date(now).toISOString() } }];
  objects = {
    machinesets: [set(2, 1)],
    machines: [machine("m-1", "Running", { nodeRef: { name: "m-1" } }, running), machine("m-2", "Provisioning", { errorMessage: "pool is full" })],
    leases: renewed,
  };
  expect(await lines()).toEqual([
    `MachineSet ${SET}: 1 of 2 ready`,
    "m-1: Running, VM running, node m-1 (2m)",
    "m-2: Provisioning: pool is full (2m)",
    "1 of 2 run",
  ]);
  now += 30_000;
  expect(await lines()).toEqual(["1 of 2 run"]);
  objects = { ...objects, machines: [machine("m-2", "Provisioned", {}, running)], leases: [] };
  expect(await lines()).toEqual(["m-2: Provisioned, VM running (2m)", "m-1: Gone (2m)", "0 of 1 run; no machine controller acts"]);
  objects = { machinesets: [], machines: [] };
  expect(await lines()).toEqual(["m-2: Gone (2m)", "0 of 0 run; no machine controller acts"]);
});

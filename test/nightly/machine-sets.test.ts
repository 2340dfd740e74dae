import { afterAll, beforeAll, expect, it } from "vitest";
import { MachineSetsCluster } from "../helpers/machine-sets-cluster.ts";

/** Real guests whose compute machines the cluster creates: the real controllers, our actuator, libvirt, Ignition and kubelet. */
const MINUTE = 60_000;
const NAMESPACE = "openshift-machine-api";

let cluster: MachineSetsCluster;
let infraID = "";

beforeAll(async () => {
  cluster = await MachineSetsCluster.open();
});

afterAll(async () => await cluster?.close());

const network = (): Promise<string> => cluster.virsh("net-dumpxml", infraID);
const volumes = (): Promise<string> => cluster.virsh("vol-list", infraID);
/** What the network, the pool and libvirt still have of a machine: nothing of one that is gone. */
const traces = async (name: string): Promise<string> =>
  [await network(), await volumes(), await cluster.virsh("list", "--all", "--name")]
    .flatMap((text) => text.split("\n"))
    .filter((line) => line.includes(name))
    .join("\n");

it("is installed with a worker that the installer did not create", async () => {
  const created = await cluster.one.cli(["create", "cluster"]);
  expect(created.code, created.output).toBe(0);
  expect(created.events.filter(({ kind, name }) => kind === "virt-ipi:kvm:Machine" && String(name).includes("worker"))).toEqual([]);
  infraID = await cluster.infraID();
  const [machine] = await cluster.machines();
  expect(machine).toMatchObject({ status: { phase: "Running", nodeRef: { name: machine?.metadata.name } } });
  expect(await cluster.nodes()).toEqual([machine?.metadata.name]);
  expect(await cluster.domains()).toEqual(await cluster.nodes());
  expect(machine?.spec.providerID).toMatch(/^kvm:\/\/\//);
});

it("gives the machines' Secret no token", async () => {
  const { data } = await cluster.json<{ data: { userData: string } }>("get", "secret", "worker-user-data", "--namespace", NAMESPACE);
  const text = Buffer.from(data.userData, "base64").toString();
  expect(text).toContain(":22623/config/worker");
  expect(text).not.toMatch(/Bearer|httpHeaders/);
});

it("boots a second worker when it is scaled, with no hand on it", async () => {
  await cluster.startController();
  await cluster.one.kubectl(["scale", "machineset", `${infraID}-worker`, "--replicas=2", "--namespace", NAMESPACE]);
  expect(await cluster.eventually(20 * MINUTE, async () => (await cluster.nodes()).length === 2)).toBe(true);
  const table = await cluster.one.cli(["machines"]);
  expect(table.output).toContain(`${infraID}-worker`);
  expect(await cluster.domains()).toEqual(await cluster.nodes());
});

it("replaces a Machine that is deleted, whose drain a PodDisruptionBudget holds", async () => {
  const [old = ""] = await cluster.nodes();
  await cluster.guardedPod("guarded", old);
  await cluster.one.kubectl(["delete", "machine", old, "--namespace", NAMESPACE, "--wait=false"]);
  const drained = async () =>
    (await cluster.machines()).find(({ metadata }) => metadata.name === old)?.status?.conditions?.find(({ type }) => type === "Drained")?.status;
  const line = async () => (await cluster.machineSummaries()).find(({ name }) => name === old);
  expect(await cluster.eventually(5 * MINUTE, async () => (await line())?.reason?.includes('"guarded"') === true)).toBe(true);
  expect((await line())?.phase).toBe("Deleting");
  // The other is there meanwhile, and the old one with its pod as well.
  expect(await cluster.eventually(20 * MINUTE, async () => (await cluster.nodes()).length === 3)).toBe(true);
  expect(await drained()).not.toBe("True");
  expect(await cluster.domains()).toEqual(await cluster.nodes());
  expect((await cluster.one.kubectl(["get", "pod", "guarded", "--output", "jsonpath={.status.phase}"])).stdout).toBe("Running");
  await cluster.one.kubectl(["delete", "poddisruptionbudget", "guarded"]);
  expect(await cluster.eventually(10 * MINUTE, async () => !(await cluster.domains()).includes(old))).toBe(true);
  expect(await cluster.eventually(5 * MINUTE, async () => (await traces(old)) === "")).toBe(true);
  expect(await cluster.nodes()).toHaveLength(2);
});

it("replaces a machine whose virtual machine was lost, and one whose node is not heard of", async () => {
  const [lost = "", silent = ""] = await cluster.domains();
  await cluster.cutOff(silent);
  await cluster.lose(lost);
  const isReplaced = async (): Promise<boolean> => {
    const nodes = await cluster.nodes();
    return nodes.length === 2 && !nodes.includes(lost) && !nodes.includes(silent);
  };
  expect(await cluster.eventually(30 * MINUTE, isReplaced)).toBe(true);
  for (const gone of [lost, silent]) expect(await cluster.eventually(5 * MINUTE, async () => (await traces(gone)) === "")).toBe(true);
  expect(await cluster.domains()).toEqual(await cluster.nodes());
});

it("drains and removes what is too much, with disk, address and name", async () => {
  const before = await cluster.domains();
  const scaled = await cluster.one.cli(["scale", "worker", "1"]);
  expect(scaled.code, scaled.output).toBe(0);
  const after = await cluster.domains();
  expect(after).toHaveLength(1);
  expect(after).toEqual(await cluster.nodes());
  for (const gone of before.filter((name) => !after.includes(name))) expect(await traces(gone)).toBe("");
});

it("is left as it is by another run", async () => {
  const again = await cluster.one.cli(["create", "cluster"]);
  expect(again.code, again.output).toBe(0);
  expect(again.events.filter(({ type, operation }) => type === "resource" && operation !== "same" && operation !== "refresh")).toEqual([]);
});

it("is destroyed with all its machines", async () => {
  await cluster.stopController();
  const destroyed = await cluster.one.cli(["destroy", "cluster"]);
  expect(destroyed.code, destroyed.output).toBe(0);
  expect(await cluster.left(infraID)).toEqual([]);
});

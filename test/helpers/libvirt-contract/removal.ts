import { expect } from "vitest";
import { conditionOf, until } from "../machine-api.ts";
import { createDaemonPod, createPod, podStatus } from "../machine-pods.ts";
import { quiet } from "../quiet.ts";
import { callsOf, create, isThere, remove, setOf, traces, type ContractSite } from "./site.ts";

/** Rows of the contract about Machines that go, and those that take their place. */

const POLICIES = "/apis/policy/v1/namespaces/default/poddisruptionbudgets";
const CONTROL_PLANE = { "node-role.kubernetes.io/control-plane": "" };

export async function deleteOrder(contract: ContractSite): Promise<void> {
  const { machines } = contract;
  const name = await create(contract, "ordered", { spec: { lifecycleHooks: { preTerminate: [{ name: "keep-disks", owner: "backup" }] } } });
  await machines.running(name);
  await machines.delete(name);
  const held = await until("it is drained", async () => {
    const machine = await machines.get(name);
    return conditionOf(machine, "Drained")?.status === "True" ? machine : undefined;
  });
  expect(held.status?.phase).toBe("Deleting");
  expect(conditionOf(held, "Terminable")).toMatchObject({ status: "False", reason: "HookPresent" });
  expect(callsOf(contract, name, "delete")).toEqual([]);
  expect(await isThere(contract, name)).toBe(true);
  expect((await node(contract, name)).status).toBe(200);
  await machines.patch(machines.path("machines", name), { spec: { lifecycleHooks: { preTerminate: [] } } });
  await machines.untilGone(name);
  expect(callsOf(contract, name, "delete")).toHaveLength(1);
  expect(callsOf(contract, name).at(-1)).toMatchObject({ operation: "exists" });
  expect((await node(contract, name)).status).toBe(404);
  expect(await traces(contract, name)).toEqual([]);
}

export async function drain(contract: ContractSite): Promise<void> {
  const { machines } = contract;
  const hooks = { lifecycleHooks: { preDrain: [{ name: "move-away", owner: "storage" }] } };
  const [guarded, excluded] = [
    await create(contract, "guarded"),
    await create(contract, "excluded", { spec: hooks, annotations: { "machine.openshift.io/exclude-node-draining": "" } }),
  ];
  for (const name of [guarded, excluded]) await machines.running(name);
  await createPod(machines, "kept", guarded, { labels: { app: "kept" }, volumes: [{ name: "scratch", emptyDir: {} }] });
  await createPod(machines, "free", guarded);
  await createDaemonPod(machines, "agent", guarded);
  await createPod(machines, "left", excluded);
  await budget(contract, "kept");
  await machines.delete(guarded);
  await remove(contract, excluded);
  expect(await podStatus(machines, "left")).toBe(200);
  expect(await isThere(contract, excluded)).toBe(false);
  await until("what may go is gone", async () => (await podStatus(machines, "free")) === 404);
  expect((await node(contract, guarded)).spec).toMatchObject({ unschedulable: true });
  // A try lasts twenty seconds.
  const said = async () => (await machines.events(guarded)).find(({ reason }) => reason === "DrainRequeued")?.message;
  await until("an event says what holds it", async () => (await said())?.includes('"kept"'));
  expect(callsOf(contract, guarded, "delete")).toEqual([]);
  expect(await isThere(contract, guarded)).toBe(true);
  await machines.kube.request("DELETE", `${POLICIES}/kept`);
  await machines.untilGone(guarded);
  expect([await podStatus(machines, "kept"), await podStatus(machines, "agent")]).toEqual([404, 200]);
  expect(await traces(contract, guarded)).toEqual([]);
}

export async function unreachableNode(contract: ContractSite): Promise<void> {
  const { machines } = contract;
  const name = await create(contract, "silent");
  await machines.running(name);
  // No kubelet ends it, so that it stays for ever.
  await createPod(machines, "slow", name, { terminationGracePeriodSeconds: 3_600 });
  await machines.setNode(name, "Unknown");
  await remove(contract, name);
  const { body } = await machines.kube.request("GET", "/api/v1/namespaces/default/pods/slow");
  expect((JSON.parse(body) as { metadata: object }).metadata).toMatchObject({ deletionGracePeriodSeconds: 1 });
  expect(await traces(contract, name)).toEqual([]);
}

export async function controlPlane(contract: ContractSite): Promise<void> {
  const { machines } = contract;
  const [first, second] = [await create(contract, "control-a"), await create(contract, "control-b")];
  for (const name of [first, second]) await machines.running(name, { labels: CONTROL_PLANE });
  await createPod(machines, "quorum", first, { labels: { app: "quorum" } });
  await budget(contract, "quorum");
  await machines.delete(first);
  await until("the first is cordoned", async () => (await node(contract, first)).spec?.unschedulable === true);
  await machines.delete(second);
  await until("the second has to wait", async () => (await machines.events(second)).some(({ reason }) => reason === "DrainRequeued"));
  expect((await node(contract, second)).spec?.unschedulable).toBeUndefined();
  expect([await isThere(contract, first), await isThere(contract, second)]).toEqual([true, true]);
  await machines.kube.request("DELETE", `${POLICIES}/quorum`);
  for (const name of [first, second]) await machines.untilGone(name);
}

export async function lifecycleHooks(contract: ContractSite): Promise<void> {
  for (const [kind, hook] of [
    ["preDrain", { name: "ab", owner: "storage" }],
    ["preTerminate", { name: "move-away", owner: "me" }],
  ] as const)
    await expect(create(contract, "short", { spec: { lifecycleHooks: { [kind]: [hook] } } })).rejects.toThrow(/at least 3 chars/);
}

export async function healthCheck(contract: ContractSite): Promise<void> {
  const { site, machines } = contract;
  const set = `${site.infraID}-checked`;
  await machines.kube.create(machines.path("machinehealthchecks"), {
    apiVersion: "machine.openshift.io/v1beta1",
    kind: "MachineHealthCheck",
    metadata: { name: set },
    spec: {
      selector: { matchLabels: { checked: "yes" } },
      maxUnhealthy: 0,
      unhealthyConditions: [{ type: "Ready", status: "False", timeout: "1s" }],
    },
  });
  const check = async (): Promise<{ readonly spec: object; readonly status?: { readonly currentHealthy?: number } }> =>
    JSON.parse((await machines.kube.request("GET", machines.path("machinehealthchecks", set))).body) as { spec: object };
  expect((await check()).spec).toMatchObject({ nodeStartupTimeout: "10m" });
  const { labels = {} } = site.machine(set).metadata;
  await machines.createMachineSet(set, 2, { providerSpec: site.machine(set).spec.providerSpec }, { ...labels, checked: "yes" });
  const before = await setOf(contract, set, 2, "Provisioned");
  const [ill = "", well = ""] = (await Promise.all(before.map(({ metadata }) => machines.running(metadata.name)))).map(
    ({ metadata }) => metadata.name,
  );
  // One of no set is never replaced, however long it is ill.
  const alone = await create(contract, "alone");
  await machines.running(alone);
  await machines.patch(machines.path("machines", alone), { metadata: { labels: { checked: "yes" } } });
  await machines.setNode(alone, "False");
  await machines.setNode(ill, "False");
  await until("too many are ill", async () => (await check()).status?.currentHealthy === 1);
  await quiet(3_000);
  for (const name of [ill, alone]) expect((await machines.get(name))?.metadata.deletionTimestamp).toBeUndefined();
  await machines.patch(machines.path("machinehealthchecks", set), { spec: { maxUnhealthy: "100%" } });
  await machines.untilGone(ill);
  expect(await traces(contract, ill)).toEqual([]);
  // A machine that was lost fails, and is replaced at once.
  await site.vanish(well);
  await machines.poke(well);
  await machines.untilGone(well);
  const after = (await setOf(contract, set, 2, "Provisioned")).map(({ metadata }) => metadata.name);
  expect(after.filter((name) => [ill, well].includes(name))).toEqual([]);
  expect((await machines.get(alone))?.status?.phase).toBe("Running");
  await machines.kube.request("DELETE", machines.path("machinehealthchecks", set));
  await machines.delete(set, "machinesets");
  for (const name of after) await machines.untilGone(name);
  await remove(contract, alone);
}

async function budget({ machines }: ContractSite, name: string): Promise<void> {
  await machines.kube.create(POLICIES, { metadata: { name }, spec: { minAvailable: 1, selector: { matchLabels: { app: name } } } });
  await until(`the budget of ${name} is counted`, async () => {
    const { status } = JSON.parse((await machines.kube.request("GET", `${POLICIES}/${name}`)).body) as { status?: { currentHealthy?: number } };
    return status?.currentHealthy === 1;
  });
}

interface NodeAnswer {
  readonly status: number;
  readonly spec?: { readonly unschedulable?: boolean };
}

async function node({ machines }: ContractSite, name: string): Promise<NodeAnswer> {
  const { status, body } = await machines.kube.request("GET", `/api/v1/nodes/${name}`);
  return { status, ...(status === 200 ? { spec: (JSON.parse(body) as { spec: { unschedulable?: boolean } }).spec } : {}) };
}

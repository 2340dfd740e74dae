import { expect, it } from "vitest";
import { until, type Machine, type MachineNamespace } from "../../../helpers/machine-api.ts";
import { quiet } from "../../../helpers/quiet.ts";
import type { Rig } from "./rig.ts";

/** What health checks replace, and what they leave alone. */
export function health(rig: () => Rig): void {
  it("replaces a Machine whose Node is not ready for too long", async () => {
    const { machines } = rig();
    await createCheck(machines, "not-ready");
    const [victim] = await runningSet(machines, "not-ready", 2);
    await machines.setNode(victim?.metadata.name ?? "", "False");
    await untilReplaced(machines, "not-ready", victim);
  });

  it("replaces a Machine of whose Node nothing is heard", async () => {
    const { machines } = rig();
    await createCheck(machines, "unheard");
    const [victim] = await runningSet(machines, "unheard", 2);
    await machines.setNode(victim?.metadata.name ?? "", "Unknown");
    await untilReplaced(machines, "unheard", victim);
  });

  it("replaces a Machine whose machine was lost", async () => {
    const { machines, actuator } = rig();
    await createCheck(machines, "vanished");
    const [victim] = await runningSet(machines, "vanished", 2);
    const name = victim?.metadata.name ?? "";
    actuator.instances.delete(name);
    await machines.poke(name);
    await untilReplaced(machines, "vanished", victim);
  });

  it("replaces nothing while too many are ill", async () => {
    const { machines } = rig();
    const all = await runningSet(machines, "many-ill", 2);
    for (const { metadata } of all) await machines.setNode(metadata.name, "False");
    // One that is ill alone would be replaced: the check comes behind both, and has the patience to learn of both.
    await createCheck(machines, "many-ill", { maxUnhealthy: 1, unhealthyConditions: [{ type: "Ready", status: "False", timeout: "20s" }] });
    await until("the check holds back", async () => {
      // None is not written where there were none before.
      const { remediationsAllowed = 0, currentHealthy } = await checkStatus(machines, "many-ill");
      return remediationsAllowed === 0 && currentHealthy === 0;
    });
    await quiet(4_000);
    expect((await machines.machinesOf("many-ill")).map(({ metadata: { uid } }) => uid).toSorted()).toEqual(
      all.map(({ metadata: { uid } }) => uid).toSorted(),
    );
    expect(await checkStatus(machines, "many-ill")).toMatchObject({ expectedMachines: 2, currentHealthy: 0 });
  });

  it("leaves a Machine alone that no MachineSet would replace", async () => {
    const { machines } = rig();
    await createCheck(machines, "alone");
    await machines.createMachine("alone", {}, { labels: { set: "alone", "machine.openshift.io/cluster-api-cluster": "test-abcde" } });
    await machines.running("alone");
    await machines.setNode("alone", "False");
    await until("it is found ill", async () => (await checkStatus(machines, "alone")).currentHealthy === 0);
    await quiet(4_000);
    expect(await machines.get("alone")).toMatchObject({ status: { phase: "Running" } });
  });

  it("replaces a Machine that no Node comes of in time, which is ten minutes unless said", async () => {
    const { machines } = rig();
    await createCheck(machines, "usual-startup");
    const { body } = await machines.kube.request("GET", machines.path("machinehealthchecks", "usual-startup"));
    expect(JSON.parse(body)).toMatchObject({ spec: { nodeStartupTimeout: "10m" } });
    await createCheck(machines, "no-node", { nodeStartupTimeout: "3s" });
    await machines.createMachineSet("no-node", 1);
    const [victim] = await until("there is one", async () => {
      const all = await machines.machinesOf("no-node");
      return all.length === 1 ? all : undefined;
    });
    await until("it is another", async () => {
      const all = await machines.machinesOf("no-node");
      return all.length > 0 && all.every(({ metadata }) => metadata.uid !== victim?.metadata.uid);
    });
    await machines.kube.request("DELETE", machines.path("machinehealthchecks", "no-node"));
  });
}

/** For the Machines of a MachineSet, with a second's patience. */
async function createCheck(machines: MachineNamespace, name: string, over: object = {}): Promise<void> {
  await machines.kube.create(machines.path("machinehealthchecks"), {
    apiVersion: "machine.openshift.io/v1beta1",
    kind: "MachineHealthCheck",
    metadata: { name },
    spec: {
      selector: { matchLabels: { set: name } },
      unhealthyConditions: ["False", "Unknown"].map((status) => ({ type: "Ready", status, timeout: "1s" })),
      ...over,
    },
  });
}

interface CheckStatus {
  readonly expectedMachines?: number;
  readonly currentHealthy?: number;
  readonly remediationsAllowed?: number;
}

async function checkStatus(machines: MachineNamespace, name: string): Promise<CheckStatus> {
  const { body } = await machines.kube.request("GET", machines.path("machinehealthchecks", name));
  return (JSON.parse(body) as { status?: CheckStatus }).status ?? {};
}

async function runningSet(machines: MachineNamespace, name: string, replicas: number): Promise<readonly Machine[]> {
  await machines.createMachineSet(name, replicas);
  const all = await until(`${name} has its Machines`, async () => {
    const found = await machines.machinesOf(name);
    return found.length === replicas ? found : undefined;
  });
  return await Promise.all(all.map(({ metadata }) => machines.running(metadata.name)));
}

async function untilReplaced(machines: MachineNamespace, set: string, victim: Machine | undefined): Promise<void> {
  const { uid, name } = victim?.metadata ?? { uid: "", name: "" };
  await machines.untilGone(name);
  const after = await until(`${set} is complete again`, async () => {
    const found = await machines.machinesOf(set);
    return found.length === 2 ? found : undefined;
  });
  expect(after.map(({ metadata }) => metadata.uid)).not.toContain(uid);
  const newcomer = after.find(({ status }) => status?.nodeRef === undefined);
  await machines.running(newcomer?.metadata.name ?? "");
  expect((await machines.kube.request("GET", `/api/v1/nodes/${name}`)).status).toBe(404);
}

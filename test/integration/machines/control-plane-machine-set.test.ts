import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CLUSTER, ControlPlaneMachines, createOperatorObject, indexOf, LABELS } from "../../helpers/control-plane-machines.ts";
import { createObject } from "../../helpers/create-object.ts";
import { startKubeControlPlane, type KubeControlPlane } from "../../helpers/kube-control-plane.ts";
import { DELETING_CONTROLLERS } from "../../helpers/kubernetes-plugin.ts";
import { createDefinitions, until, type Machine } from "../../helpers/machine-api.ts";
import { Rig } from "./controllers/rig.ts";

/**
 * OpenShift's operator that replaces outdated Machines of a control plane, with the real controllers of the Machine API on a real API server; machines
 * and kubelets are played. It is what a cluster uses whose etcd moves with its machines, so no part of clusters of distribution kubernetes.
 */

const NAMESPACE = "openshift-machine-api";
const INFRASTRUCTURE = "/apis/config.openshift.io/v1/infrastructures";
type Value = Readonly<Record<string, unknown>>;

let kube: KubeControlPlane;
let rig: Rig;
let controlPlane: ControlPlaneMachines;

beforeAll(async () => {
  kube = await startKubeControlPlane({ controllers: [...DELETING_CONTROLLERS] });
  await createDefinitions(kube);
  await createOperatorObject(kube);
  rig = await Rig.create(kube, NAMESPACE);
  await createObject(kube, {
    apiVersion: "config.openshift.io/v1",
    kind: "Infrastructure",
    metadata: { name: "cluster" },
    spec: { platformSpec: { type: "None" } },
  });
  await setPlatform({ type: "None" });
  await rig.start();
  controlPlane = new ControlPlaneMachines(kube, rig.machines);
  controlPlane.start(await kube.file("operator.kubeconfig", kube.kubeconfig));
});

afterAll(async () => {
  await controlPlane?.stop();
  await rig?.[Symbol.asyncDispose]();
  await kube?.dispose();
});

const setPlatform = async (platform: Value, spec: Value = { type: platform["type"] }): Promise<void> => {
  await rig.machines.patch(`${INFRASTRUCTURE}/cluster`, { spec: { platformSpec: spec } });
  const status = { infrastructureName: CLUSTER, platform: platform["type"], platformStatus: platform };
  await rig.machines.patch(`${INFRASTRUCTURE}/cluster/status`, { status });
};

/** A set of the three Machines, whose machines are like `value`. */
const setOf = (value: Value, strategy: "RollingUpdate" | "OnDelete", failureDomains?: Value): object => ({
  apiVersion: "machine.openshift.io/v1",
  kind: "ControlPlaneMachineSet",
  metadata: { name: "cluster", namespace: NAMESPACE },
  spec: {
    state: "Active",
    replicas: 3,
    strategy: { type: strategy },
    selector: { matchLabels: LABELS },
    template: {
      machineType: "machines_v1beta1_machine_openshift_io",
      machines_v1beta1_machine_openshift_io: {
        ...(failureDomains === undefined ? {} : { failureDomains }),
        metadata: { labels: LABELS },
        spec: { providerSpec: { value } },
      },
    },
  },
});

const change = async (body: object): Promise<void> => await rig.machines.patch(controlPlane.setPath("cluster"), body);
const withValue = (value: Value): object => ({
  spec: { template: { machines_v1beta1_machine_openshift_io: { spec: { providerSpec: { value } } } } },
});

const cpusOf = ({ spec }: Machine): unknown => spec.providerSpec.value?.["cpus"];
describe("on a platform that the operator does not know", () => {
  const value = (cpus: number): Value => ({ apiVersion: "kvm.virt-ipi.io/v1alpha1", kind: "KVMMachineProviderSpec", cpus });

  it("takes the Machines that are as it says, and replaces none", async () => {
    for (const index of [0, 1, 2])
      await rig.machines.createMachine(`${CLUSTER}-master-${index}`, { providerSpec: { value: value(2) } }, { labels: LABELS });
    const first = await controlPlane.settled("three machines", () => true);
    await kube.create(controlPlane.setPath(), setOf(value(2), "RollingUpdate"));
    await until("all are up to date", async () => (await controlPlane.updatedReplicas()) === 3);
    expect((await controlPlane.all()).map(({ metadata }) => metadata.name).toSorted()).toEqual(first.map(({ metadata }) => metadata.name));
  });

  it("replaces outdated ones, one after the other, each before the old one goes", async () => {
    controlPlane.counting = true;
    await change(withValue(value(4)));
    const machines = await controlPlane.settled("machines of four cores", (machine) => cpusOf(machine) === 4);
    expect(machines.map(({ metadata }) => metadata.name)).toEqual(
      [0, 1, 2].map((index) => expect.stringMatching(new RegExp(`^${CLUSTER}-master-[a-z0-9]{5}-${index}$`)) as string),
    );
    controlPlane.counting = false;
    expect(controlPlane.most).toBe(4);
    expect(controlPlane.fewestReady).toBeGreaterThanOrEqual(3);
    expect([...rig.actuator.instances.keys()].toSorted()).toEqual(machines.map(({ metadata }) => metadata.name).toSorted());
  });

  it("replaces only what is deleted, with strategy OnDelete, at the same index", async () => {
    await change({ spec: { strategy: { type: "OnDelete" } } });
    await change(withValue(value(6)));
    await until("it knows that they are outdated", async () => (await controlPlane.updatedReplicas()) === 0);
    const [, old] = await controlPlane.settled("machines of four cores still", (machine) => cpusOf(machine) === 4);
    await rig.machines.delete(old?.metadata.name ?? "");
    await rig.machines.untilGone(old?.metadata.name ?? "");
    const machines = await controlPlane.settled("one machine of six cores", () => true);
    expect(machines.map((machine) => [indexOf(machine.metadata.name), cpusOf(machine)])).toEqual([
      [0, 4],
      [1, 6],
      [2, 4],
    ]);
  });

  it("lets go of its Machines when it is deleted", async () => {
    expect((await kube.request("DELETE", controlPlane.setPath("cluster"))).status).toBe(200);
    await until("it is gone", async () => (await kube.request("GET", controlPlane.setPath("cluster"))).status === 404);
    expect(await controlPlane.all()).toHaveLength(3);
    for (const { metadata } of await controlPlane.all()) await rig.machines.delete(metadata.name);
    await until("they are gone", async () => (await controlPlane.all()).length === 0);
  });
});

describe("on vSphere", () => {
  const SERVER = "vcenter.example.com";
  const topology = (name: string): Value => ({
    datacenter: "dc",
    computeCluster: `/dc/host/${name}`,
    networks: ["VM Network"],
    datastore: `/dc/datastore/${name}`,
    resourcePool: `/dc/host/${name}/Resources`,
    folder: "/dc/vm/test",
    template: "/dc/vm/template",
  });
  const workspace = (name: string): Value => {
    const { datacenter, datastore, folder, resourcePool } = topology(name);
    return { server: SERVER, datacenter, datastore, folder, resourcePool };
  };
  const spec = (cpus: number, more: Value): Value => ({
    apiVersion: "machine.openshift.io/v1beta1",
    kind: "VSphereMachineProviderSpec",
    numCPUs: cpus,
    memoryMiB: 8192,
    diskGiB: 120,
    userDataSecret: { name: "master-user-data" },
    credentialsSecret: { name: "vsphere-cloud-credentials" },
    ...more,
  });
  const domains = ["one", "two"];
  const domainOf = (machine: Machine): unknown => (machine.spec.providerSpec.value?.["workspace"] as Value | undefined)?.["datastore"];
  const numCPUs = (machine: Machine): unknown => machine.spec.providerSpec.value?.["numCPUs"];

  it("keeps the failure domain of each index when it replaces its machine", async () => {
    const failureDomains = domains.map((name) => ({ name, region: "region", zone: name, server: SERVER, topology: topology(name) }));
    await setPlatform({ type: "VSphere" }, { type: "VSphere", vsphere: { vcenters: [{ server: SERVER, datacenters: ["dc"] }], failureDomains } });
    await kube.create(`/api/v1/namespaces/${NAMESPACE}/secrets`, { metadata: { name: "master-user-data" }, stringData: { userData: "{}" } });
    for (const index of [0, 1, 2]) {
      const value = spec(4, {
        template: "template",
        network: { devices: [{ networkName: "VM Network" }] },
        workspace: workspace(domains[index % 2] ?? ""),
      });
      await rig.machines.createMachine(`${CLUSTER}-zoned-${index}`, { providerSpec: { value } }, { labels: LABELS });
    }
    const before = await controlPlane.settled("three machines", () => true);
    const template = spec(4, { template: "", network: { devices: [] }, workspace: {} });
    await kube.create(controlPlane.setPath(), setOf(template, "RollingUpdate", { platform: "VSphere", vsphere: domains.map((name) => ({ name })) }));
    await until("all are up to date", async () => (await controlPlane.updatedReplicas()) === 3);
    await change(withValue(spec(8, { template: "", network: { devices: [] }, workspace: {} })));
    const after = await controlPlane.settled("machines of eight cores", (machine) => numCPUs(machine) === 8);
    expect(after.map(domainOf)).toEqual(before.map(domainOf));
    expect(after.map(({ metadata }) => indexOf(metadata.name))).toEqual([0, 1, 2]);
    expect(after.map(({ spec: { providerSpec } }) => providerSpec.value?.["network"])).toEqual(
      [0, 1, 2].map(() => ({ devices: [{ networkName: "VM Network" }] })),
    );
  });
});

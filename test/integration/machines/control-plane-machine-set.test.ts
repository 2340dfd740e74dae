import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { cacheFolder } from "../../../setup/paths.ts";
import { createObject } from "../../helpers/create-object.ts";
import { startKubeControlPlane, type KubeControlPlane, type KubeProgram } from "../../helpers/kube-control-plane.ts";
import { DELETING_CONTROLLERS } from "../../helpers/kubernetes-plugin.ts";
import { createDefinitions, until, type Machine } from "../../helpers/machine-api.ts";
import { Rig } from "./controllers/rig.ts";

/**
 * OpenShift's operator that replaces outdated Machines of a control plane, with the real controllers of the Machine API on a real API server; machines
 * and kubelets are played. It is what a cluster uses whose etcd moves with its machines, so no part of clusters of distribution kubernetes.
 */

const NAMESPACE = "openshift-machine-api";
const SETS = `/apis/machine.openshift.io/v1/namespaces/${NAMESPACE}/controlplanemachinesets`;
const INFRASTRUCTURE = "/apis/config.openshift.io/v1/infrastructures";
const OPERATOR = "/apis/config.openshift.io/v1/clusteroperators";
const CLUSTER = "test-abcde";
const LABELS = {
  "machine.openshift.io/cluster-api-cluster": CLUSTER,
  "machine.openshift.io/cluster-api-machine-role": "master",
  "machine.openshift.io/cluster-api-machine-type": "master",
};
const ROLE = { "node-role.kubernetes.io/control-plane": "", "node-role.kubernetes.io/master": "" };

type Value = Readonly<Record<string, unknown>>;

let kube: KubeControlPlane;
let rig: Rig;
let operator: KubeProgram;
const ended = new AbortController();
/** Of Machines beside each other the most, and of ready ones the fewest, while it counts. */
let [most, fewestReady, counting] = [0, Number.POSITIVE_INFINITY, false];

beforeAll(async () => {
  kube = await startKubeControlPlane({ controllers: [...DELETING_CONTROLLERS] });
  await createDefinitions(kube);
  const definition = join(
    process.env["VIRT_IPI_BIN"] ?? join(cacheFolder(), "bin"),
    "control-plane-machine-set-crds/clusteroperators.config.openshift.io.yaml",
  );
  await kube.create("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", parse(await readFile(definition, "utf8")));
  await until("ClusterOperators are known", async () => (await kube.request("GET", OPERATOR)).status === 200);
  rig = await Rig.create(kube, NAMESPACE);
  await createObject(kube, {
    apiVersion: "config.openshift.io/v1",
    kind: "Infrastructure",
    metadata: { name: "cluster" },
    spec: { platformSpec: { type: "None" } },
  });
  await setPlatform({ type: "None" });
  await createObject(kube, {
    apiVersion: "config.openshift.io/v1",
    kind: "ClusterOperator",
    metadata: { name: "control-plane-machine-set" },
    spec: {},
  });
  await rig.start();
  const kubeconfig = await kube.file("operator.kubeconfig", kube.kubeconfig);
  operator = kube.run("operator", "control-plane-machine-set-operator", [`-kubeconfig=${kubeconfig}`, `-namespace=${NAMESPACE}`]);
  void playKubelets().catch((error: unknown) => {
    if (!ended.signal.aborted) throw error;
  });
});

afterAll(async () => {
  ended.abort();
  await operator?.stop();
  await rig?.[Symbol.asyncDispose]();
  await kube?.dispose();
});

const setPlatform = async (platform: Value, spec: Value = { type: platform["type"] }): Promise<void> => {
  await rig.machines.patch(`${INFRASTRUCTURE}/cluster`, { spec: { platformSpec: spec } });
  const status = { infrastructureName: CLUSTER, platform: platform["type"], platformStatus: platform };
  await rig.machines.patch(`${INFRASTRUCTURE}/cluster/status`, { status });
};

const all = async (): Promise<readonly Machine[]> =>
  (JSON.parse((await kube.request("GET", rig.machines.path("machines"))).body) as { items: readonly Machine[] }).items;

/** Each Machine that is provisioned becomes a node of the control plane that is ready; and counts what there is. */
async function playKubelets(): Promise<void> {
  const joined = new Set<string>();
  for (;;) {
    ended.signal.throwIfAborted();
    const machines = await all();
    const ready = machines.filter(({ metadata, status }) => status?.phase === "Running" && metadata.deletionTimestamp === undefined).length;
    if (counting) [most, fewestReady] = [Math.max(most, machines.length), Math.min(fewestReady, ready)];
    for (const machine of machines)
      if (machine.status?.phase === "Provisioned" && !joined.has(machine.metadata.uid)) {
        await rig.machines.join(machine, { labels: ROLE });
        joined.add(machine.metadata.uid);
      }
    await delay(200, undefined, { signal: ended.signal });
  }
}

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

const change = async (body: object): Promise<void> => await rig.machines.patch(`${SETS}/cluster`, body);
const withValue = (value: Value): object => ({
  spec: { template: { machines_v1beta1_machine_openshift_io: { spec: { providerSpec: { value } } } } },
});

const indexOf = ({ metadata }: Machine): number => Number(metadata.name.split("-").at(-1));

/** Waits until three Machines run, and each is as `is` says. */
async function settled(what: string, is: (machine: Machine) => boolean): Promise<readonly Machine[]> {
  return await until(
    `the control plane has ${what}`,
    async () => {
      const machines = await all();
      return machines.length === 3 && machines.every((machine) => machine.status?.phase === "Running" && is(machine))
        ? machines.toSorted((a, b) => indexOf(a) - indexOf(b))
        : undefined;
    },
    180_000,
  );
}

const cpusOf = ({ spec }: Machine): unknown => spec.providerSpec.value?.["cpus"];
const status = async (): Promise<Record<string, unknown>> =>
  (JSON.parse((await kube.request("GET", `${SETS}/cluster`)).body) as { status?: Record<string, unknown> }).status ?? {};

describe("on a platform that the operator does not know", () => {
  const value = (cpus: number): Value => ({ apiVersion: "kvm.virt-ipi.io/v1alpha1", kind: "KVMMachineProviderSpec", cpus });

  it("takes the Machines that are as it says, and replaces none", async () => {
    for (const index of [0, 1, 2])
      await rig.machines.createMachine(`${CLUSTER}-master-${index}`, { providerSpec: { value: value(2) } }, { labels: LABELS });
    const first = await settled("three machines", () => true);
    await kube.create(SETS, setOf(value(2), "RollingUpdate"));
    await until("all are up to date", async () => (await status())["updatedReplicas"] === 3);
    expect((await all()).map(({ metadata }) => metadata.name).toSorted()).toEqual(first.map(({ metadata }) => metadata.name));
  });

  it("replaces outdated ones, one after the other, each before the old one goes", async () => {
    counting = true;
    await change(withValue(value(4)));
    const machines = await settled("machines of four cores", (machine) => cpusOf(machine) === 4);
    expect(machines.map(({ metadata }) => metadata.name)).toEqual(
      [0, 1, 2].map((index) => expect.stringMatching(new RegExp(`^${CLUSTER}-master-[a-z0-9]{5}-${index}$`)) as string),
    );
    counting = false;
    expect(most).toBe(4);
    expect(fewestReady).toBeGreaterThanOrEqual(3);
    expect([...rig.actuator.instances.keys()].toSorted()).toEqual(machines.map(({ metadata }) => metadata.name).toSorted());
  });

  it("replaces only what is deleted, with strategy OnDelete, at the same index", async () => {
    await change({ spec: { strategy: { type: "OnDelete" } } });
    await change(withValue(value(6)));
    await until("it knows that they are outdated", async () => ((await status())["updatedReplicas"] ?? 0) === 0);
    const [, old] = await settled("machines of four cores still", (machine) => cpusOf(machine) === 4);
    await rig.machines.delete(old?.metadata.name ?? "");
    await rig.machines.untilGone(old?.metadata.name ?? "");
    const machines = await settled("one machine of six cores", () => true);
    expect(machines.map((machine) => [indexOf(machine), cpusOf(machine)])).toEqual([
      [0, 4],
      [1, 6],
      [2, 4],
    ]);
  });

  it("lets go of its Machines when it is deleted", async () => {
    expect((await kube.request("DELETE", `${SETS}/cluster`)).status).toBe(200);
    await until("it is gone", async () => (await kube.request("GET", `${SETS}/cluster`)).status === 404);
    expect(await all()).toHaveLength(3);
    for (const { metadata } of await all()) await rig.machines.delete(metadata.name);
    await until("they are gone", async () => (await all()).length === 0);
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
    const before = await settled("three machines", () => true);
    const template = spec(4, { template: "", network: { devices: [] }, workspace: {} });
    await kube.create(SETS, setOf(template, "RollingUpdate", { platform: "VSphere", vsphere: domains.map((name) => ({ name })) }));
    await until("all are up to date", async () => (await status())["updatedReplicas"] === 3);
    await change(withValue(spec(8, { template: "", network: { devices: [] }, workspace: {} })));
    const after = await settled("machines of eight cores", (machine) => numCPUs(machine) === 8);
    expect(after.map(domainOf)).toEqual(before.map(domainOf));
    expect(after.map(indexOf)).toEqual([0, 1, 2]);
    expect(after.map(({ spec: { providerSpec } }) => providerSpec.value?.["network"])).toEqual(
      [0, 1, 2].map(() => ({ devices: [{ networkName: "VM Network" }] })),
    );
  });
});

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { vsphereObjects } from "../../../src/providers/vsphere/machine-api/objects.ts";
import { vsphereSpecOf } from "../../../src/providers/vsphere/vsphere-spec.ts";
import type { Vcsim } from "../../../tools/vcsim/index.ts";
import { CLUSTER, ControlPlaneMachines, createOperatorObject, indexOf, LABELS } from "../../helpers/control-plane-machines.ts";
import { createObject } from "../../helpers/create-object.ts";
import { startKubeControlPlane, type KubeControlPlane } from "../../helpers/kube-control-plane.ts";
import { DELETING_CONTROLLERS } from "../../helpers/kubernetes-plugin.ts";
import { createDefinitions, MachineNamespace, startControllers, until, type Machine } from "../../helpers/machine-api.ts";
import { smallOva } from "../../helpers/small-ova.ts";
import { testVcsim } from "../../helpers/vcsim.ts";
import { pick, vsphereCluster } from "../../helpers/vsphere-cluster.ts";

/**
 * OpenShift's operator that replaces outdated Machines of a control plane, with the Machine API's own vSphere controller, a real API server and a
 * simulated vCenter: machines are clones in two failure domains. Kubelets are played.
 */

const NAMESPACE = "openshift-machine-api";
const INFRASTRUCTURE = "/apis/config.openshift.io/v1/infrastructures/cluster";
const FOLDER = `/DC0/vm/${CLUSTER}`;
const DOMAINS = ["zone-0", "zone-1"];
const MINUTES = 60_000;

type Value = Readonly<Record<string, unknown>>;

let root: string;
let kube: KubeControlPlane;
let vcsim: Vcsim;
let machines: MachineNamespace;
let operated: ControlPlaneMachines;
let server: string;
const stops: (() => Promise<void>)[] = [];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "virt-ipi-control-plane-"));
  [kube, vcsim] = await Promise.all([
    startKubeControlPlane({ controllers: [...DELETING_CONTROLLERS] }),
    testVcsim({ inventory: { clusters: 2, hosts: 1, machines: 0 } }),
  ]);
  [server = ""] = vcsim.server.split(":");
  await fillVCenter();
  await createDefinitions(kube);
  await createOperatorObject(kube);
  machines = await MachineNamespace.create(kube, NAMESPACE);
  await fillCluster();
  const kubeconfig = await kube.file("all.kubeconfig", kube.kubeconfig);
  const controllers = await startControllers(kube, "controllers", {
    kubeconfig,
    namespace: NAMESPACE,
    statusSocket: join(root, "status.sock"),
    args: ["--platform=vsphere"],
    env: { SSL_CERT_FILE: vcsim.caFile },
  });
  operated = new ControlPlaneMachines(kube, machines);
  operated.start(kubeconfig);
  stops.push(
    () => operated.stop(),
    () => controllers.stop(),
  );
}, 5 * MINUTES);

afterAll(async () => {
  for (const stop of stops) await stop();
  await kube?.dispose();
  await vcsim?.stop();
  await rm(root, { recursive: true, force: true });
});

/** A template, the cluster's folder, and a region with two zones, told by tags. */
async function fillVCenter(): Promise<void> {
  const { govc } = vcsim;
  const ova = await smallOva(join(root, "node.ova"));
  await govc("import.ova", "-ds=LocalDS_0", "-pool=/DC0/host/DC0_C0/Resources", "-folder=/DC0/vm", "-name=template", ova.path);
  await govc("vm.markastemplate", "template");
  await govc("folder.create", FOLDER);
  for (const name of ["openshift-region", "openshift-zone"]) await govc("tags.category.create", name);
  await govc("tags.create", "-c", "openshift-region", "region-dc0");
  await govc("tags.attach", "region-dc0", "/DC0");
  for (const [index, zone] of DOMAINS.entries()) {
    await govc("tags.create", "-c", "openshift-zone", zone);
    await govc("tags.attach", zone, `/DC0/host/DC0_C${index}`);
  }
}

const topology = (index: number): Value => ({
  datacenter: "DC0",
  computeCluster: `/DC0/host/DC0_C${index}`,
  networks: ["DC0_DVPG0"],
  datastore: "/DC0/datastore/LocalDS_0",
  resourcePool: `/DC0/host/DC0_C${index}/Resources`,
  folder: FOLDER,
  template: "/DC0/vm/template",
});

/** What the two programs read beside Machines. */
async function fillCluster(): Promise<void> {
  const { spec } = vsphereCluster([{ ...pick(vcsim), domains: DOMAINS.map((name, cluster) => ({ name, cluster })) }]);
  for (const object of vsphereObjects(vsphereSpecOf(spec), NAMESPACE))
    if (object.kind === "Infrastructure") await kube.create(INFRASTRUCTURE.slice(0, -"/cluster".length), object);
    else await createObject(kube, object);
  const failureDomains = DOMAINS.map((name, index) => ({ name, region: "region-dc0", zone: name, server, topology: topology(index) }));
  const vsphere = { vcenters: [{ server, datacenters: ["DC0"] }], failureDomains };
  await machines.patch(INFRASTRUCTURE, { spec: { platformSpec: { type: "VSphere", vsphere } } });
  const status = { infrastructureName: CLUSTER, platform: "VSphere", platformStatus: { type: "VSphere" } };
  await machines.patch(`${INFRASTRUCTURE}/status`, { status });
  await kube.create(`/api/v1/namespaces/${NAMESPACE}/secrets`, { metadata: { name: "master-user-data" }, stringData: { userData: "{}" } });
}

/** What machines are; of the set's template without a place. */
function valueOf(memoryMiB: number, domain?: number): Value {
  const place = topology(domain ?? 0);
  const { datacenter, datastore, folder, resourcePool } = place;
  return {
    apiVersion: "machine.openshift.io/v1beta1",
    kind: "VSphereMachineProviderSpec",
    numCPUs: 2,
    numCoresPerSocket: 1,
    memoryMiB,
    diskGiB: 4,
    userDataSecret: { name: "master-user-data" },
    credentialsSecret: { name: "vsphere-cloud-credentials" },
    ...(domain === undefined
      ? { template: "", network: { devices: [] }, workspace: {} }
      : {
          template: "template",
          network: { devices: [{ networkName: "DC0_DVPG0" }] },
          workspace: { server, datacenter, datastore, folder, resourcePool },
        }),
  };
}

const controlPlane = (memoryMiB: number): object => ({
  apiVersion: "machine.openshift.io/v1",
  kind: "ControlPlaneMachineSet",
  metadata: { name: "cluster", namespace: NAMESPACE },
  spec: {
    state: "Active",
    replicas: 3,
    strategy: { type: "RollingUpdate" },
    selector: { matchLabels: LABELS },
    template: {
      machineType: "machines_v1beta1_machine_openshift_io",
      machines_v1beta1_machine_openshift_io: {
        failureDomains: { platform: "VSphere", vsphere: DOMAINS.map((name) => ({ name })) },
        metadata: { labels: LABELS },
        spec: { providerSpec: { value: valueOf(memoryMiB) } },
      },
    },
  },
});

const change = async (spec: object): Promise<void> => await machines.patch(operated.setPath("cluster"), { spec });
const withMemory = (memoryMiB: number): object => ({
  template: { machines_v1beta1_machine_openshift_io: { spec: { providerSpec: { value: { memoryMiB } } } } },
});
const memoryOf = ({ spec }: Machine): unknown => spec.providerSpec.value?.["memoryMiB"];

/** The clones that there are, by the index of their Machine. @returns also the failure domain whose resource pool they are in */
async function clones(): Promise<readonly (readonly [name: string, memoryMB: number, domain: number])[]> {
  const { stdout } = await vcsim.govc("vm.info", "-json", `${FOLDER}/*`);
  interface Info {
    readonly name: string;
    readonly resourcePool: { readonly value: string };
    readonly config: { readonly hardware: { readonly memoryMB: number } };
  }
  const infos = (JSON.parse(stdout) as { virtualMachines: readonly Info[] | null }).virtualMachines ?? [];
  const pools = await Promise.all(
    DOMAINS.map(async (_zone, index) =>
      (await vcsim.govc("find", "-i", "-maxdepth=0", `/DC0/host/DC0_C${index}/Resources`)).stdout.trim().replace(/^.*:/, ""),
    ),
  );
  return infos
    .map(({ name, resourcePool, config }) => [name, config.hardware.memoryMB, pools.indexOf(resourcePool.value)] as const)
    .toSorted(([a], [b]) => indexOf(a) - indexOf(b));
}

it("takes the clones that are as the set says, and replaces none", async () => {
  for (const index of [0, 1, 2])
    await machines.createMachine(`${CLUSTER}-master-${index}`, { providerSpec: { value: valueOf(2_048, index % 2) } }, { labels: LABELS });
  const first = await operated.settled("three machines", () => true);
  await kube.create(operated.setPath(), controlPlane(2_048));
  await until("all are up to date", async () => (await operated.updatedReplicas()) === 3);
  expect((await operated.all()).map(({ metadata }) => metadata.uid).toSorted()).toEqual(first.map(({ metadata }) => metadata.uid).toSorted());
  expect(await clones()).toEqual(first.map(({ metadata }, index) => [metadata.name, 2_048, index % 2]));
});

it("clones others when the template has more memory, one after the other, each in the failure domain of the one that it replaces", async () => {
  operated.counting = true;
  await change(withMemory(3_072));
  const after = await operated.settled("machines of more memory", (machine) => memoryOf(machine) === 3_072);
  operated.counting = false;
  expect([operated.most, operated.fewestReady]).toEqual([4, 3]);
  expect(await clones()).toEqual(after.map(({ metadata }, index) => [metadata.name, 3_072, index % 2]));
});

it("replaces only what is deleted, with strategy OnDelete", async () => {
  await change({ strategy: { type: "OnDelete" }, ...withMemory(4_096) });
  await until("it knows that they are outdated", async () => (await operated.updatedReplicas()) === 0);
  const [, old] = await operated.settled("machines of before still", (machine) => memoryOf(machine) === 3_072);
  await machines.delete(old?.metadata.name ?? "");
  await machines.untilGone(old?.metadata.name ?? "", 2 * MINUTES);
  const after = await operated.settled("another in its place", () => true);
  expect(await clones()).toEqual(after.map(({ metadata }, index) => [metadata.name, index === 1 ? 4_096 : 3_072, index % 2]));
});

it("leaves all clones when the set is deleted", async () => {
  const before = await clones();
  expect((await kube.request("DELETE", operated.setPath("cluster"))).status).toBe(200);
  await until("it is gone", async () => (await kube.request("GET", operated.setPath("cluster"))).status === 404);
  expect((await operated.all()).filter(({ metadata }) => metadata.deletionTimestamp === undefined)).toHaveLength(3);
  expect(await clones()).toEqual(before);
});

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { contractOfCluster, openshiftPlatformOf, type ClusterSpec, type OpenShiftPlatform } from "../../../src/config/index.ts";
import type { PlatformAssetInput } from "../../../src/config/platforms/openshift-platform.ts";
import { vsphereObjects } from "../../../src/providers/vsphere/machine-api/objects.ts";
import { vsphereSpecOf } from "../../../src/providers/vsphere/vsphere-spec.ts";
import type { Vcsim } from "../../../tools/vcsim/index.ts";
import { CLUSTER, ControlPlaneMachines, createOperatorObject, indexOf } from "../../helpers/control-plane-machines.ts";
import { createObject } from "../../helpers/create-object.ts";
import { startKubeControlPlane, type KubeControlPlane } from "../../helpers/kube-control-plane.ts";
import { DELETING_CONTROLLERS } from "../../helpers/kubernetes-plugin.ts";
import { createDefinitions, MachineNamespace, startControllers, until, type Machine } from "../../helpers/machine-api.ts";
import { smallOva } from "../../helpers/small-ova.ts";
import { testVcsim } from "../../helpers/vcsim.ts";
import { pick, vsphereCluster } from "../../helpers/vsphere-cluster.ts";
import { PULL_SECRET } from "../../unit/config/verdicts/support.ts";

/**
 * OpenShift's operator that replaces outdated Machines of a control plane, with the objects that an install-config gives OpenShift, the Machine API's
 * own vSphere controller, a real API server and a simulated vCenter: machines are clones in two failure domains. Kubelets are played.
 */

const NAMESPACE = "openshift-machine-api";
const INFRASTRUCTURE = "/apis/config.openshift.io/v1/infrastructures/cluster";
const FOLDER = `/DC0/vm/${CLUSTER}`;
const DOMAINS = ["zone-0", "zone-1"];

type Value = Readonly<Record<string, unknown>>;

let root: string;
let kube: KubeControlPlane;
let vcsim: Vcsim;
let machines: MachineNamespace;
let operated: ControlPlaneMachines;
const stops: (() => Promise<void>)[] = [];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "virt-ipi-control-plane-"));
  [kube, vcsim] = await Promise.all([
    startKubeControlPlane({ controllers: [...DELETING_CONTROLLERS] }),
    testVcsim({ inventory: { clusters: 2, hosts: 1, machines: 0 } }),
  ]);
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
});

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

/** Of an install-config whose control plane OpenShift replaces: what the cluster is, and what its assets say of it. */
function rendered(): { readonly spec: ClusterSpec; readonly input: PlatformAssetInput; readonly platform: OpenShiftPlatform } {
  const topology = { folder: FOLDER, template: "/DC0/vm/template" };
  const { spec, identity } = vsphereCluster([{ ...pick(vcsim), domains: DOMAINS.map((name, cluster) => ({ name, cluster, topology })) }], {
    infraID: CLUSTER,
    platform: { defaultMachinePlatform: { cpus: 2, coresPerSocket: 1, memoryMB: 2_048, osDisk: { diskSizeGB: 4 } } },
    config: {
      distribution: "openshift",
      pullSecret: PULL_SECRET,
      controlPlane: { name: "master", replicas: 3, machineSet: { state: "Inactive", strategy: { type: "OnDelete" } } },
    },
  });
  const { openshift } = spec;
  const platform = openshiftPlatformOf(spec);
  if (openshift === undefined || platform === undefined) throw new Error("the cluster is none of OpenShift");
  return { spec, platform, input: { spec, openshift, identity, contract: contractOfCluster(openshift) } };
}

/** The manifests of a kind. */
function manifestsOf(kind: string): readonly Value[] {
  const { platform, input } = rendered();
  return (platform.manifests?.(input) ?? []).flatMap(({ object }) => (object.kind === kind ? [object] : []));
}

/** What the two programs read beside Machines. */
async function fillCluster(): Promise<void> {
  const { spec, platform, input } = rendered();
  for (const object of vsphereObjects(vsphereSpecOf(spec), NAMESPACE))
    if (object.kind === "Infrastructure") await kube.create(INFRASTRUCTURE.slice(0, -"/cluster".length), object);
    else await createObject(kube, object);
  const { vsphere } = platform.platformSpec?.(input) as { readonly vsphere: { readonly vcenters: readonly Value[] } };
  // The kind knows ports up to 32767 only; the controllers have them from the cloud config.
  const vcenters = vsphere.vcenters.map(({ port: _, ...vcenter }) => vcenter);
  await machines.patch(INFRASTRUCTURE, { spec: { platformSpec: { type: platform.type, vsphere: { ...vsphere, vcenters } } } });
  const status = { infrastructureName: CLUSTER, platform: platform.type, platformStatus: { type: platform.type } };
  await machines.patch(`${INFRASTRUCTURE}/status`, { status });
  await kube.create(`/api/v1/namespaces/${NAMESPACE}/secrets`, { metadata: { name: "master-user-data" }, stringData: { userData: "{}" } });
}

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

interface SetSpec {
  readonly spec: { readonly state: string; readonly strategy: object };
}

/** UIDs of the Machines, and whether the set has taken each. */
const taken = async (): Promise<readonly (readonly [uid: string, isTaken: boolean])[]> =>
  (await operated.all())
    .map(({ metadata }) => [metadata.uid, (metadata.ownerReferences ?? []).length > 0] as const)
    .toSorted(([a], [b]) => a.localeCompare(b));

it("looks at Machines and takes none as long as it is Inactive, as the install-config says", async () => {
  for (const machine of manifestsOf("Machine")) await kube.create(machines.path("machines"), machine);
  const first = await operated.settled("three machines", () => true);
  for (const set of manifestsOf("ControlPlaneMachineSet")) await kube.create(operated.setPath(), set);
  const { body } = await kube.request("GET", operated.setPath("cluster"));
  expect((JSON.parse(body) as SetSpec).spec).toMatchObject({ state: "Inactive", strategy: { type: "OnDelete" } });
  await until("it has looked at them", async () => (await operated.updatedReplicas()) === 3);
  expect((await taken()).map(([, isTaken]) => isTaken)).toEqual([false, false, false]);
  expect(await clones()).toEqual(first.map(({ metadata }, index) => [metadata.name, 2_048, index % 2]));
});

it("takes the clones that are as the set says when it is Active, and replaces none", async () => {
  const first = await taken();
  await change({ state: "Active" });
  const now = await until("all are taken", async () => {
    const all = await taken();
    return all.every(([, isTaken]) => isTaken) ? all : undefined;
  });
  expect(now.map(([uid]) => uid)).toEqual(first.map(([uid]) => uid));
  expect(await operated.updatedReplicas()).toBe(3);
});

it("replaces only what is deleted, with strategy OnDelete", async () => {
  await change(withMemory(3_072));
  await until("it knows that they are outdated", async () => (await operated.updatedReplicas()) === 0);
  const [, old] = await operated.settled("machines of before still", (machine) => memoryOf(machine) === 2_048);
  await machines.delete(old?.metadata.name ?? "");
  await machines.untilGone(old?.metadata.name ?? "");
  const after = await operated.settled("another in its place", () => true);
  expect(await clones()).toEqual(after.map(({ metadata }, index) => [metadata.name, index === 1 ? 3_072 : 2_048, index % 2]));
});

it("clones others when the template has more memory, one after the other, each in the failure domain of the one that it replaces", async () => {
  const [, kept] = await operated.settled("three machines", () => true);
  operated.counting = true;
  await change({ strategy: { type: "RollingUpdate" } });
  const after = await operated.settled("machines of more memory", (machine) => memoryOf(machine) === 3_072);
  operated.counting = false;
  expect([operated.most, operated.fewestReady]).toEqual([4, 3]);
  expect(after[1]?.metadata.uid).toBe(kept?.metadata.uid);
  expect(await clones()).toEqual(after.map(({ metadata }, index) => [metadata.name, 3_072, index % 2]));
});

it("leaves all clones when the set is deleted", async () => {
  const before = await clones();
  expect((await kube.request("DELETE", operated.setPath("cluster"))).status).toBe(200);
  await until("it is gone", async () => (await kube.request("GET", operated.setPath("cluster"))).status === 404);
  expect((await operated.all()).filter(({ metadata }) => metadata.deletionTimestamp === undefined)).toHaveLength(3);
  expect(await clones()).toEqual(before);
});

import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { AssetSet, KeyStore } from "../../../../src/assets/index.ts";
import { fixtureKeys, inputOf, renderScenario } from "../../../golden/openshift/scenarios.ts";
import { type Case, vsphere, vsphereZones, yamlOf } from "../../config/verdicts/support.ts";

/** What holds of OpenShift's assets on vSphere whatever the install-config is; trees of some are kept in test/golden/openshift. */
let keys: KeyStore;
beforeAll(async () => {
  keys = await fixtureKeys(await inputOf("none", "4.21"), false);
});

const render = (base: Case[1], change: Readonly<Record<string, unknown>>): Promise<AssetSet> => renderScenario(yamlOf(base, change), keys);

interface Machines {
  readonly kind: string;
  readonly apiVersion: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly replicas: number;
    readonly template?: { readonly spec: { readonly providerSpec: { readonly value: { readonly template: string } } } };
  };
}

const objectsOf = (assets: AssetSet, kind: string): readonly Machines[] =>
  [...assets].flatMap(([path, { content }]) => {
    if (!path.startsWith("openshift/")) return [];
    const object = parse(content) as Machines;
    return object.kind === kind ? [object] : [];
  });

const host = (role: string, address: number) => ({
  role,
  networkDevice: { ipAddrs: [`10.0.1.${address}/16`], gateway: "10.0.0.1", nameservers: ["10.0.0.9"] },
});
const HOSTS = [host("bootstrap", 1), ...[2, 3, 4].map((one) => host("control-plane", one)), ...[5, 6].map((one) => host("compute", one))];

describe("MachineSets", () => {
  it.each([
    [0, [0, 0, 0]],
    [1, [1, 0, 0]],
    [5, [2, 2, 1]],
    [6, [2, 2, 2]],
  ])("of three zones share %i machines", async (replicas, shares) => {
    const assets = await render(vsphereZones, { "compute[0].replicas": replicas });
    expect(objectsOf(assets, "MachineSet").map(({ spec }) => spec.replicas)).toEqual(shares);
  });

  it.each([
    ["that says nothing of its own", {}, ["fd-3"]],
    ["with a size of its own", { "compute[0].platform.vsphere": { cpus: 8 } }, ["fd-1", "fd-2", "fd-3"]],
    ["with zones of its own", { "compute[0].platform.vsphere": { zones: ["fd-2"] } }, ["fd-2"]],
  ])("of a pool %s are in its zones", async (_, change, zones) => {
    const assets = await render(vsphereZones, { "platform.vsphere.defaultMachinePlatform": { zones: ["fd-3"] }, ...change });
    const templates = objectsOf(assets, "MachineSet").map(({ spec }) => spec.template?.spec.providerSpec.value.template);
    expect(templates).toEqual(zones.map((zone) => `demo-x7k2p-rhcos-${zone}`));
  });

  it("leave machines with addresses of their own to Machines", async () => {
    const assets = await render(vsphereZones, { "platform.vsphere.hosts": HOSTS });
    expect(objectsOf(assets, "MachineSet").map(({ spec }) => spec.replicas)).toEqual([0, 0, 0]);
    expect(objectsOf(assets, "Machine").map(({ metadata }) => metadata.name.replace(/^demo-x7k2p-/, ""))).toEqual([
      "master-0",
      "master-1",
      "master-2",
      "worker-0",
      "worker-1",
    ]);
    expect(objectsOf(assets, "IPAddress").map(({ metadata }) => metadata.name)).toEqual(
      objectsOf(assets, "Machine").map(({ metadata }) => `${metadata.name}-claim-0-0`),
    );
  });
});

it.each([
  ["4.20", "", "v1beta1"],
  ["4.21", "", "v1beta1"],
  ["4.21", "TechPreviewNoUpgrade", "v1beta2"],
  ["4.22", "TechPreviewNoUpgrade", "v1beta1"],
])("addresses in %s with feature set '%s' are objects of %s", async (version, featureSet, expected) => {
  const assets = await render(vsphereZones, { release: { version }, featureSet, "platform.vsphere.hosts": HOSTS });
  const found = [...objectsOf(assets, "IPAddress"), ...objectsOf(assets, "IPAddressClaim")].map(({ apiVersion }) => apiVersion);
  expect(new Set(found)).toEqual(new Set([`ipam.cluster.x-k8s.io/${expected}`]));
});

describe("the ControlPlaneMachineSet", () => {
  const keyOf = async (machineSet?: object) => {
    const assets = await render(vsphereZones, machineSet === undefined ? {} : { "controlPlane.machineSet": machineSet });
    const [set] = objectsOf(assets, "ControlPlaneMachineSet") as unknown as readonly { spec: { state: string; strategy: object } }[];
    return { set: set && { state: set.spec.state, strategy: set.spec.strategy }, kept: assets.get("manifests/cluster-config.yaml")?.content };
  };

  it.each([
    [undefined, { state: "Active", strategy: {} }],
    [{ state: "Inactive" }, { state: "Inactive", strategy: {} }],
    [{ strategy: { type: "OnDelete" } }, { state: "Active", strategy: { type: "OnDelete" } }],
  ])("of %j is %j", async (machineSet, expected) => {
    expect((await keyOf(machineSet)).set).toEqual(expected);
  });

  it("is said in it alone: OpenShift's operators do not know the key", async () => {
    const [without, having] = [await keyOf(), await keyOf({ state: "Inactive" })];
    expect(having.kept).toBe(without.kept);
  });
});

it("has passwords in the Secret for the cluster's operators alone", async () => {
  const password = "planted-4711";
  const assets = await render(vsphere, { "platform.vsphere.vcenters[0].password": password });
  const encoded = Buffer.from(password).toString("base64");
  const holders = [...assets].flatMap(([path, { content }]) => (content.includes(password) || content.includes(encoded) ? [path] : []));
  expect(holders).toEqual(["openshift/99_cloud-creds-secret.yaml"]);
  expect(assets.get("openshift/99_cloud-creds-secret.yaml")?.mode).toBe(0o600);
});

it("mounts a data disk where systemd looks for its unit", async () => {
  const disk = { name: "img-1", sizeGiB: 10 };
  const assets = await render(vsphere, {
    featureSet: "TechPreviewNoUpgrade",
    "compute[0].platform.vsphere.dataDisks": [{ name: "other", sizeGiB: 5 }, disk],
    "compute[0].diskSetup": [{ type: "user-defined", userDefined: { platformDiskID: disk.name, mountPath: "/var/lib/my-images" } }],
  });
  const text = assets.get("openshift/99_openshift-machineconfig_01-disk-setup-img1-worker.yaml")?.content ?? "";
  expect(text).toContain(String.raw`name: var-lib-my\x2dimages.mount`);
  expect(text).toContain("device: /dev/disk/by-path/pci-0000:03:00.0-scsi-0:0:2:0");
});

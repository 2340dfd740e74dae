import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { planMachineSets } from "../../../../src/config/index.ts";
import { PRIVILEGES } from "../../../../src/providers/vsphere/privileges.ts";
import { failureDomainOf, vsphereSpecOf } from "../../../../src/providers/vsphere/vsphere-spec.ts";
import { machineApiPart } from "../../../../src/providers/vsphere/machine-api/part.ts";
import { vsphereCluster, type TestClusterOptions } from "../../../helpers/vsphere-cluster.ts";

/** What the Machine API's vSphere controller is given, field by field, from an install-config with two failure domains. */

const VCENTER = { server: "vcenter.example.com:8443", user: "installer@vsphere.local", password: "s3cret" };
const TAG = "urn:vmomi:InventoryServiceTag:11111111-2222-3333-4444-555555555555:GLOBAL";
const DOMAINS = [
  { name: "east", topology: { resourcePool: "/DC0/host/DC0_C0/Resources/machines", tagIDs: [TAG] } },
  {
    name: "west",
    cluster: 1,
    topology: { folder: "/DC0/vm/teams/blue", template: "/DC0/vm/golden", networks: ["/DC0/network/siteA/nodes", "storage"] },
  },
];
const POOL = { cpus: 4, coresPerSocket: 2, memoryMB: 8_192, osDisk: { diskSizeGB: 60 } };

function clusterWith(platform: object, options: TestClusterOptions = {}) {
  const compute = [{ name: "worker", replicas: 3, platform: { vsphere: platform } }];
  const config = { machineManagement: "MachineSets", compute, ...options.config };
  return vsphereCluster([{ ...VCENTER, domains: DOMAINS }], { infraID: "try-abcde", ...options, config });
}

function specsOf({ spec, identity }: ReturnType<typeof clusterWith>): readonly (readonly [string, number, unknown])[] {
  const platform = vsphereSpecOf(spec);
  const part = machineApiPart({ spec, identity }, (zone) => {
    const domain = failureDomainOf(platform, zone);
    return { domain, templatePath: domain.topology.template ?? `/DC0/vm/${identity.infraID}/${identity.infraID}-rhcos-${zone}` };
  });
  return planMachineSets(spec, identity).map(
    (set) => [set.name, set.replicas, part.providerSpec(set, { userDataSecret: "worker-user-data" })] as const,
  );
}

describe("the MachineSets of a pool", () => {
  it("are one a failure domain, with all that a clone is made of", () => {
    const common = {
      apiVersion: "machine.openshift.io/v1beta1",
      kind: "VSphereMachineProviderSpec",
      userDataSecret: { name: "worker-user-data" },
      credentialsSecret: { name: "vsphere-cloud-credentials" },
      snapshot: "",
      numCPUs: 4,
      numCoresPerSocket: 2,
      memoryMiB: 8_192,
      diskGiB: 60,
    };
    const place = { server: "vcenter.example.com", datacenter: "DC0", datastore: "/DC0/datastore/LocalDS_0" };
    expect(specsOf(clusterWith(POOL))).toEqual([
      [
        "try-abcde-worker-0",
        2,
        {
          ...common,
          template: "/DC0/vm/try-abcde/try-abcde-rhcos-east",
          network: { devices: [{ networkName: "DC0_DVPG0" }] },
          workspace: { ...place, folder: "/DC0/vm/try-abcde", resourcePool: "/DC0/host/DC0_C0/Resources/machines" },
          tagIDs: [TAG],
        },
      ],
      [
        "try-abcde-worker-1",
        1,
        {
          ...common,
          template: "/DC0/vm/golden",
          network: { devices: [{ networkName: "nodes" }, { networkName: "storage" }] },
          workspace: { ...place, folder: "/DC0/vm/teams/blue", resourcePool: "/DC0/host/DC0_C1/Resources" },
        },
      ],
    ]);
  });

  it("have data disks, which take space as the pool says, else as the platform does", () => {
    const dataDisks = [
      { name: "etcd", sizeGiB: 20, provisioningMode: "Thin" },
      { name: "images", sizeGiB: 100 },
    ];
    const [[, , spec] = []] = specsOf(clusterWith({ ...POOL, dataDisks, zones: ["east"] }, { platform: { diskType: "eagerZeroedThick" } }));
    expect(spec).toMatchObject({
      dataDisks: [
        { name: "etcd", sizeGiB: 20, provisioningMode: "Thin" },
        { name: "images", sizeGiB: 100, provisioningMode: "EagerlyZeroed" },
      ],
    });
    const [[, , plain] = []] = specsOf(clusterWith({ ...POOL, dataDisks: [{ name: "a", sizeGiB: 1 }] }));
    expect(plain).toMatchObject({ dataDisks: [{ name: "a", sizeGiB: 1 }] });
  });

  it("are those of the pool's zones alone, also without machines", () => {
    const sets = specsOf(clusterWith({ ...POOL, zones: ["west"] }, { config: { compute: [{ name: "worker", replicas: 0 }] } }));
    expect(sets.map(([name, replicas]) => [name, replicas])).toEqual([
      ["try-abcde-worker-0", 0],
      ["try-abcde-worker-1", 0],
    ]);
  });
});

describe("what the controller reads besides", () => {
  const { spec, identity } = clusterWith(POOL);
  const objects = machineApiPart({ spec, identity }, () => undefined).objects?.("openshift-machine-api") ?? [];
  const named = (kind: string): Readonly<Record<string, unknown>> => objects.find((object) => object.kind === kind) ?? expect.fail(`no ${kind}`);

  it("are the accounts, by the names of the vCenters", () => {
    const { metadata, data } = named("Secret") as { metadata: object; data: Readonly<Record<string, string>> };
    expect(metadata).toEqual({ name: "vsphere-cloud-credentials", namespace: "openshift-machine-api" });
    expect(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, "base64").toString()])).toEqual([
      ["vcenter.example.com.username", VCENTER.user],
      ["vcenter.example.com.password", VCENTER.password],
    ]);
  });

  it("are ports and the categories of zones, with certificates verified", () => {
    expect(named("Infrastructure")).toMatchObject({
      metadata: { name: "cluster" },
      spec: { cloudConfig: { name: "cloud-provider-config", key: "config" } },
    });
    const { metadata, data } = named("ConfigMap") as { metadata: object; data: Readonly<Record<string, string>> };
    expect(metadata).toEqual({ name: "cloud-provider-config", namespace: "openshift-config" });
    expect(parse(data["config"] ?? "")).toEqual({
      global: { insecureFlag: false, secretName: "vsphere-cloud-credentials", secretNamespace: "openshift-machine-api" },
      vcenter: { "vcenter.example.com": { server: "vcenter.example.com", port: 8443, datacenters: ["DC0"], insecureFlag: false } },
      labels: { region: "openshift-region", zone: "openshift-zone" },
    });
    expect(JSON.stringify([named("ConfigMap"), named("Infrastructure")])).not.toContain(VCENTER.password);
  });
});

it("takes privileges that the installer's account has, as the guide names them", async () => {
  const guide = await readFile("docs/guide/machine-sets.md", "utf8");
  const all = new Set<string>(Object.values(PRIVILEGES).flatMap(({ privileges }) => privileges));
  const named = [...guide.matchAll(/`((?:InventoryService|Sessions|Resource|Datastore|Network|VirtualMachine)\.[\w.]+)`/g)].map(
    ([, name = ""]) => name,
  );
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((name) => !all.has(name))).toEqual([]);
});

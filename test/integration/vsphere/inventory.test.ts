import { mkdtemp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { parse } from "yaml";
import { run } from "../../../src/exec/index.ts";
import type { CheckResult } from "../../../src/providers/index.ts";
import { findTopology, requireTopologies } from "../../../src/providers/vsphere/find-topology.ts";
import { Govc } from "../../../src/providers/vsphere/govc.ts";
import { vsphere } from "../../../src/providers/vsphere/index.ts";
import { failureDomainOf, vsphereSpecOf } from "../../../src/providers/vsphere/vsphere-spec.ts";
import type { Vcsim } from "../../../tools/vcsim/index.ts";
import { programsFolder, testVcsim } from "../../helpers/vcsim.ts";
import { clusterOf, oneDomain, vsphereCluster, type TestCluster } from "../../helpers/vsphere-cluster.ts";
import { makeSite } from "../../helpers/vsphere-site.ts";

let vcsim: Vcsim;
let folder: string;

beforeEach(() => void vi.stubEnv("PATH", `${programsFolder()}:${process.env["PATH"] ?? ""}`));
beforeAll(async () => {
  folder = await mkdtemp("/tmp/vt-inventory-");
  vcsim = await testVcsim();
  await makeSite(vcsim, folder);
});
afterAll(async () => {
  await vcsim?.stop();
  await rm(folder, { recursive: true, force: true });
});

const SITE = { datacenter: "dc1", computeCluster: "/dc1/host/c1", datastore: "/dc1/datastore/nvme1", networks: ["VM Network"] };
const cluster = (topology: object): TestCluster =>
  vsphereCluster(oneDomain(vcsim, { ...SITE, ...topology }), { config: { additionalTrustBundle: vcsim.ca } });
const govc = (): Govc => new Govc({ server: vcsim.server, user: vcsim.user, password: vcsim.password, trustBundle: vcsim.ca }, run);
const find = (topology: object) => findTopology(govc(), failureDomainOf(vsphereSpecOf(cluster(topology).spec), "zone-a"));

/** What an install-config may say, and where that lies. */
const FOUND: readonly (readonly [what: string, topology: object, found: object])[] = [
  ["a port group in a folder by its name, among the cluster's before others", { networks: ["ocp"] }, { networks: ["/dc1/network/siteA/ocp"] }],
  ["a port group by its folder and name", { networks: ["elsewhere/ocp"] }, { networks: ["/dc1/network/elsewhere/ocp"] }],
  ["a port group by its path", { networks: ["/dc1/network/siteB/twin"] }, { networks: ["/dc1/network/siteB/twin"] }],
  ["a port group of another cluster's, as the only one of its name", { networks: ["apart"] }, { networks: ["/dc1/network/elsewhere/apart"] }],
  ["a slash in a name in capitals", { networks: ["a%2Fb"] }, { networks: ["/dc1/network/siteA/a%2fb"] }],
  ["a datastore by its name", { datastore: "nvme1" }, { datastore: "/dc1/datastore/nvme1" }],
  ["a datastore in a datastore cluster by its name", { datastore: "member1" }, { datastore: "/dc1/datastore/pod1/member1" }],
  [
    "a cluster in a folder by its name",
    { computeCluster: "c2" },
    { computeCluster: "/dc1/host/prod/c2", resourcePool: "/dc1/host/prod/c2/Resources" },
  ],
  [
    "a pool by its name in a cluster by its name",
    { computeCluster: "c2", resourcePool: "apps" },
    { computeCluster: "/dc1/host/prod/c2", resourcePool: "/dc1/host/prod/c2/Resources/apps" },
  ],
  ["a pool in a pool by its name", { computeCluster: "c2", resourcePool: "deep" }, { resourcePool: "/dc1/host/prod/c2/Resources/apps/deep" }],
  ["a pool by its own path", { computeCluster: "c2", resourcePool: "Resources/apps" }, { resourcePool: "/dc1/host/prod/c2/Resources/apps" }],
  [
    "a cluster by its name and a pool by its path",
    { computeCluster: "c3", resourcePool: "/dc1/host/test/c3/Resources" },
    { computeCluster: "/dc1/host/test/c3" },
  ],
  ["a folder in a folder by its name", { folder: "red" }, { folder: "/dc1/vm/teams/red" }],
  ["a template by its name", { template: "golden" }, { template: "/dc1/vm/golden" }],
  ["a path without its first slash", { computeCluster: "dc1/host/prod/c2" }, { computeCluster: "/dc1/host/prod/c2" }],
];

/** What it may say wrongly, and all that is told of it. */
const PROBLEMS: readonly (readonly [what: string, topology: object, problem: string])[] = [
  [
    "a host as cluster",
    { computeCluster: "/dc1/host/esx7.example.com" },
    "/dc1/host/esx7.example.com is a host, not a cluster (failure domain zone-a)",
  ],
  [
    "a host as cluster, by name",
    { computeCluster: "esx7.example.com" },
    "/dc1/host/esx7.example.com is a host, not a cluster (failure domain zone-a)",
  ],
  [
    "a host of a cluster as cluster",
    { computeCluster: "/dc1/host/c1/esx1.example.com" },
    "/dc1/host/c1/esx1.example.com is a host, not a cluster (failure domain zone-a)",
  ],
  [
    "a folder as cluster",
    { computeCluster: "/dc1/host/prod" },
    "/dc1/host/prod is a folder, not a cluster (failure domain zone-a); in it there is /dc1/host/prod/c2, /dc1/host/prod/c3",
  ],
  [
    "two clusters of a name",
    { computeCluster: "c3" },
    "two clusters are called c3 (failure domain zone-a): /dc1/host/prod/c3 and /dc1/host/test/c3; give the path of one",
  ],
  [
    "a cluster in a folder by another path",
    { computeCluster: "/dc1/host/c2" },
    "not there: compute cluster /dc1/host/c2 of failure domain zone-a; there is /dc1/host/prod/c2",
  ],
  [
    "a cluster that is nowhere",
    { computeCluster: "/dc1/host/nowhere" },
    "not there: compute cluster /dc1/host/nowhere of failure domain zone-a; there is /dc1/host/c1, /dc1/host/prod/c2, /dc1/host/prod/c3, /dc1/host/test/c3",
  ],
  [
    "a datastore cluster as datastore",
    { datastore: "/dc1/datastore/pod1" },
    "/dc1/datastore/pod1 is a datastore cluster, not a datastore (failure domain zone-a); in it there is /dc1/datastore/pod1/member1",
  ],
  [
    "a datastore cluster as datastore, by name",
    { datastore: "pod1" },
    "/dc1/datastore/pod1 is a datastore cluster, not a datastore (failure domain zone-a); in it there is /dc1/datastore/pod1/member1",
  ],
  ["a machine as folder", { folder: "/dc1/vm/jump" }, "/dc1/vm/jump is a virtual machine, not a folder (failure domain zone-a)"],
  ["a folder as template", { template: "/dc1/vm/teams" }, "/dc1/vm/teams is a folder, not a template (failure domain zone-a)"],
  [
    "a folder as network",
    { networks: ["siteA"] },
    "/dc1/network/siteA is a folder, not a network (failure domain zone-a); in it there is /dc1/network/siteA/a%2fb, /dc1/network/siteA/dvs-siteA-DVUplinks-",
  ],
  ["a switch as network", { networks: ["dvs-siteA"] }, "/dc1/network/siteA/dvs-siteA is a distributed switch, not a network (failure domain zone-a)"],
  [
    "two port groups of a name",
    { networks: ["twin"] },
    "two networks are called twin (failure domain zone-a): /dc1/network/siteA/twin and /dc1/network/siteB/twin; give the path of one",
  ],
  [
    "a port group by the path of another folder",
    { networks: ["/dc1/network/ocp"] },
    "not there: network /dc1/network/ocp of failure domain zone-a; there is /dc1/network/elsewhere/ocp, /dc1/network/siteA/ocp",
  ],
  [
    "a name with a slash",
    { networks: ["siteA/a/b"] },
    "not there: network /dc1/network/siteA/a/b of failure domain zone-a; there is /dc1/network/siteA/a%2fb: a / in a name is written %2f",
  ],
  [
    "a network that is nowhere",
    { networks: ["nowhere"] },
    "not there: network /dc1/network/nowhere of failure domain zone-a; there is /dc1/network/VM Network, /dc1/network/siteA/a%2fb",
  ],
  [
    "a pool of another cluster by name",
    { resourcePool: "deep" },
    "not there: resource pool /dc1/host/c1/Resources/deep of failure domain zone-a; there is /dc1/host/c1/Resources, /dc1/host/c1/Resources/apps, /dc1/host/c1/Resources/nested",
  ],
  [
    "a cluster as datacenter",
    { datacenter: "c1", computeCluster: "/c1/host/x", datastore: "/c1/datastore/x" },
    "/dc1/host/c1 is a cluster, not a datacenter (failure domain zone-a)",
  ],
  [
    "a datacenter that is nowhere",
    { datacenter: "dc9", computeCluster: "/dc9/host/x", datastore: "/dc9/datastore/x" },
    "not there: datacenter /dc9 of failure domain zone-a; there is /DC0, /dc1",
  ],
];

describe("what the install-config names is found", () => {
  it.each(FOUND)("%s", async (_what, topology, found) => {
    const result = await find(topology);
    expect(result.problems).toEqual([]);
    expect(result.domain.topology).toMatchObject(found);
    expect(result.ids?.networks).toHaveLength(1);
  });

  it.each(PROBLEMS)("or told: %s", async (_what, topology, problem) => {
    const { problems, ids } = await find(topology);
    expect(problems).toEqual([expect.stringContaining(problem)]);
    expect(ids).toBeUndefined();
  });

  it("whatever is wrong beside it, each once and nothing that follows from it", async () => {
    const { problems } = await find({
      computeCluster: "esx7.example.com",
      resourcePool: "apps",
      datastore: "pod1",
      folder: "jump",
      networks: ["siteA", "dvs-siteA"],
    });
    expect(problems.map((problem) => problem.split(" (")[0])).toEqual([
      "/dc1/host/esx7.example.com is a host, not a cluster",
      "/dc1/datastore/pod1 is a datastore cluster, not a datastore",
      "/dc1/network/siteA is a folder, not a network",
      "/dc1/network/siteA/dvs-siteA is a distributed switch, not a network",
      "/dc1/vm/jump is a virtual machine, not a folder",
    ]);
  });

  it("before anything is declared", async () => {
    const { spec } = cluster({ computeCluster: "esx7.example.com" });
    await expect(requireTopologies(vsphereSpecOf(spec), ["zone-a"], govc)).rejects.toMatchObject({
      id: "VSPHERE_INVENTORY",
      message: "/dc1/host/esx7.example.com is a host, not a cluster (failure domain zone-a)",
    });
  });
});

async function preflight(made: TestCluster): Promise<ReadonlyMap<string, CheckResult>> {
  const results = await vsphere.preflight(made.context, new Set(["vip-free", "image", "dns-api", "dns-api-int", "dns-apps", "esxi-reachable"]));
  return new Map(results.map((result) => [result.id, result]));
}

const failures = (results: ReadonlyMap<string, CheckResult>): readonly string[] =>
  [...results.values()].filter(({ outcome }) => outcome === "failed").map(({ id }) => id);

/** An install-config of a report, on our vCenter, for machines that fit its hosts. */
async function reported(file: string): Promise<TestCluster> {
  const config = parse(await readFile(join("test/fixtures/install-configs", file), "utf8")) as {
    platform: { vsphere: { vcenters: object[]; failureDomains: object[] } };
  };
  const { vsphere: section } = config.platform;
  const [server = "", port = ""] = vcsim.server.split(":");
  const vcenters = section.vcenters.map((vcenter) => ({ ...vcenter, server, port: Number(port), user: vcsim.user, password: vcsim.password }));
  const failureDomains = section.failureDomains.map((domain) => ({ ...domain, server }));
  const defaultMachinePlatform = { cpus: 1, memoryMB: 256, osDisk: { diskSizeGB: 1 } };
  return clusterOf({
    ...config,
    additionalTrustBundle: vcsim.ca,
    platform: { vsphere: { ...section, vcenters, failureDomains, defaultMachinePlatform } },
  });
}

const REPORTED: Readonly<Record<string, { readonly inventory: object; readonly failed: readonly string[] }>> = {
  "19-port-group-in-network-folder.yaml": {
    inventory: { outcome: "ok", found: expect.stringContaining("/dc1/network/siteA/ocp") as string },
    failed: [],
  },
  "24-standalone-host-as-cluster.yaml": {
    inventory: { outcome: "failed", found: "/dc1/host/esx7.example.com is a host, not a cluster (failure domain rack-1)" },
    failed: ["inventory"],
  },
  "25-datastore-cluster.yaml": {
    inventory: {
      outcome: "failed",
      found: "/dc1/datastore/pod1 is a datastore cluster, not a datastore (failure domain rack-1); in it there is /dc1/datastore/pod1/member1",
    },
    failed: ["inventory"],
  },
};

describe("the checks", () => {
  it.each(Object.entries(REPORTED))("of %s", async (file, { inventory, failed }) => {
    const results = await preflight(await reported(file));
    expect(results.get("inventory")).toMatchObject(inventory);
    expect(failures(results)).toEqual(failed);
  });

  it("skip what looks at an object that is none, and say why", async () => {
    const results = await preflight(cluster({ datastore: "pod1" }));
    const skipped = ["network-in-cluster", "datastore-on-hosts", "drs", "privileges", "cpu", "memory", "datastore-space", "template", "names-free"];
    for (const id of skipped) expect(results.get(id)).toMatchObject({ outcome: "skipped", found: "needs inventory" });
  });

  it("warn of names, with the paths taken", async () => {
    const results = await preflight(cluster({ computeCluster: "c1", datastore: "nvme1", networks: ["ocp"], folder: "red" }));
    expect(results.get("inventory")).toMatchObject({
      outcome: "warning",
      found:
        "given by name: computeCluster of failure domain zone-a is /dc1/host/c1; datastore of failure domain zone-a is /dc1/datastore/nvme1; " +
        "folder of failure domain zone-a is /dc1/vm/teams/red",
    });
    expect(failures(results)).toEqual([]);
  });

  it("tell that a template is only a machine", async () => {
    expect((await preflight(cluster({ template: "jump" }))).get("template")).toMatchObject({
      outcome: "failed",
      found: "/dc1/vm/jump is a virtual machine, not a template",
    });
  });
});

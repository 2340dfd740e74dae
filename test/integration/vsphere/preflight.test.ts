import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { CheckResult } from "../../../src/providers/index.ts";
import { vsphere } from "../../../src/providers/vsphere/index.ts";
import { CHECKS } from "../../../src/providers/vsphere/preflight/checks.ts";
import type { Vcsim } from "../../../tools/vcsim/index.ts";
import { programsFolder, testVcsim } from "../../helpers/vcsim.ts";
import { oneDomain, pick, vsphereCluster, type TestCluster, type TestClusterOptions, type TestVCenter } from "../../helpers/vsphere-cluster.ts";

let vcsim: Vcsim;
let folder: string;

beforeEach(async () => {
  vi.stubEnv("PATH", `${programsFolder()}:${process.env["PATH"] ?? ""}`);
  folder = await mkdtemp("/tmp/vt-preflight-");
});
afterEach(async () => {
  vi.useRealTimers();
  await vcsim?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function start(options: Parameters<typeof testVcsim>[0] = {}): Promise<void> {
  vcsim = await testVcsim(options);
}

/** A cluster on the simulator, whose CA is known. */
function cluster(options: TestClusterOptions = {}, vcenters: readonly TestVCenter[] = oneDomain(vcsim)): TestCluster {
  return vsphereCluster(vcenters, { ...options, config: { additionalTrustBundle: vcsim.ca, ...options.config } });
}

const SLOW_OR_LOCAL = ["vip-free", "esxi-reachable"];

async function check(id: string, made: TestCluster, spec: Partial<TestCluster["spec"]> = {}): Promise<CheckResult> {
  const skip = new Set(SLOW_OR_LOCAL.filter((each) => each !== id));
  const results = await vsphere.preflight({ ...made.context, spec: { ...made.spec, ...spec } }, skip);
  expect(results.map((result) => result.id)).toEqual(CHECKS.map((each) => each.id));
  const found = results.find((result) => result.id === id);
  if (found === undefined) throw new Error(`no check ${id}`);
  return found;
}

const domainWith = (topology: Readonly<Record<string, unknown>>): readonly TestVCenter[] => oneDomain(vcsim, topology);

describe("a vCenter that is fit", () => {
  it("passes every check but those of DNS, which needs names that only its owner can give", async () => {
    await start();
    const results = await vsphere.preflight(cluster().context, new Set(SLOW_OR_LOCAL));
    expect(results.filter(({ outcome }) => outcome === "failed").map(({ id }) => id)).toEqual(["dns-api", "dns-apps"]);
    expect(results.filter(({ outcome }) => outcome === "warning")).toEqual([]);
    expect((await vcsim.control.requests())["/sdk Logout"]).toBe((await vcsim.control.requests())["/sdk Login"]);
  });
});

describe("the check", () => {
  it("tools", async () => {
    await start();
    vi.stubEnv("PATH", "/nonexistent");
    const results = await vsphere.preflight(cluster().context, new Set());
    expect(results[0]).toMatchObject({ id: "tools", outcome: "failed", found: "govc is not installed" });
    expect(results.slice(1).every(({ outcome }) => outcome === "skipped")).toBe(true);
  });

  it("vcenter-reachable", async () => {
    await start();
    const result = await check("vcenter-reachable", cluster({}, [{ ...pick(vcsim), server: "127.0.0.1:1", domains: [{ name: "zone-a" }] }]));
    expect(result).toMatchObject({ outcome: "failed", found: expect.stringContaining("127.0.0.1:1 does not answer") as string });
  });

  it("vcenter-certificate", async () => {
    await start();
    const result = await check("vcenter-certificate", vsphereCluster(oneDomain(vcsim)));
    expect(result).toMatchObject({ outcome: "failed", fix: expect.stringContaining("additionalTrustBundle") as string });
    expect(await vcsim.control.requests()).not.toHaveProperty("/sdk Login");
  });

  it("vcenter-certificate, for another name than the vCenter's", async () => {
    await start({ tlsNames: ["vcenter.example.com"] });
    expect(await check("vcenter-certificate", cluster())).toMatchObject({ outcome: "failed" });
  });

  it("vcenter-login, with one try", async () => {
    await start({ password: "the right one" });
    const result = await check("vcenter-login", cluster({}, [{ ...pick(vcsim), password: "a wrong one", domains: [{ name: "zone-a" }] }]));
    expect(result).toMatchObject({ outcome: "failed", fix: expect.stringContaining("tried once") as string });
    expect(result.found).not.toContain("wrong one");
    expect(await vcsim.control.requests()).toMatchObject({ "/sdk Login": 1 });
  });

  it("vcenter-version", async () => {
    await start({ apiVersion: "6.7.0" });
    expect(await check("vcenter-version", cluster())).toMatchObject({ outcome: "failed", found: expect.stringContaining("6.7.0") as string });
  });

  it("clock", async () => {
    await start();
    // From here on it stands still, and the vCenter's goes on.
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 10 * 60_000 });
    expect(await check("clock", cluster())).toMatchObject({
      outcome: "failed",
      found: expect.stringMatching(/is (?:60\d|[1-5]\d\d) s behind this host's/) as string,
    });
  });

  it.each([
    ["computeCluster", "/DC0/host/nowhere", "compute cluster /DC0/host/nowhere"],
    ["resourcePool", "/DC0/host/DC0_C0/Resources/nowhere", "resource pool"],
    ["datastore", "/DC0/datastore/nowhere", "datastore /DC0/datastore/nowhere of failure domain zone-a"],
    ["networks", ["nowhere"], "network /DC0/network/nowhere"],
    ["folder", "/DC0/vm/nowhere", "folder /DC0/vm/nowhere"],
    ["template", "/DC0/vm/nowhere", "template /DC0/vm/nowhere"],
  ])("inventory: %s", async (key, value, text) => {
    await start();
    const result = await check("inventory", cluster({}, domainWith({ [key]: value })));
    expect(result).toMatchObject({ outcome: "failed", found: expect.stringContaining(text) as string });
  });

  it("datastore-on-hosts", async () => {
    await start({ inventory: { "standalone-hosts": 1 } });
    await vcsim.govc("datastore.create", "-type", "local", "-name", "alone", "-path", folder, "/DC0/host/DC0_H0/DC0_H0");
    const result = await check("datastore-on-hosts", cluster({}, domainWith({ datastore: "/DC0/datastore/alone" })));
    expect(result).toMatchObject({ outcome: "failed", found: "no running host of /DC0/host/DC0_C0 has datastore /DC0/datastore/alone" });
  });

  it.each([
    { what: "has none", hosts: 0 },
    { what: "has only one in maintenance", hosts: 1 },
  ])("datastore-on-hosts, of a cluster that $what", async ({ hosts }) => {
    // The standalone one has the datastore.
    await start({ inventory: { hosts, machines: 0, "standalone-hosts": 1 } });
    if (hosts > 0) await vcsim.govc("host.maintenance.enter", "/DC0/host/DC0_C0/DC0_C0_H0");
    const result = await check("datastore-on-hosts", cluster());
    expect(result).toMatchObject({ outcome: "failed", found: "/DC0/host/DC0_C0 has no running host" });
  });

  it("network-in-cluster", async () => {
    await start();
    await vcsim.govc("dvs.create", "elsewhere");
    await vcsim.govc("dvs.portgroup.add", "-dvs", "elsewhere", "apart");
    const result = await check("network-in-cluster", cluster({}, domainWith({ networks: ["apart"] })));
    expect(result).toMatchObject({ outcome: "failed", found: "no running host of /DC0/host/DC0_C0 has network /DC0/network/apart" });
  });

  it("zone-tags", async () => {
    await start({ inventory: { clusters: 2 } });
    const made = cluster({}, [{ ...pick(vcsim), domains: [{ name: "zone-a" }, { name: "zone-b", cluster: 1 }] }]);
    const twoZones = { distribution: "openshift" as const };
    const context = { ...made.context, machines: made.context.machines };
    expect(await check("zone-tags", { ...made, context }, twoZones)).toMatchObject({
      outcome: "failed",
      found: expect.stringContaining("zone-b (openshift-zone) on /DC0/host/DC0_C1") as string,
    });
  });

  it("drs", async () => {
    await start();
    await vcsim.govc("cluster.change", "-drs-enabled=false", "/DC0/host/DC0_C0");
    expect(await check("drs", cluster())).toMatchObject({ outcome: "warning", found: "DRS is off in /DC0/host/DC0_C0" });
  });

  it("privileges", async () => {
    await start();
    await vcsim.govc("role.update", "-r", "Admin", "Network.Assign", "VApp.Import");
    const result = await check("privileges", cluster());
    expect(result).toMatchObject({ outcome: "failed", fix: expect.stringContaining("virt-ipi role") as string });
    expect(result.found).toContain("/DC0/network/DC0_DVPG0 on 127.0.0.1: Network.Assign");
  });

  it.each([
    ["cpu", { cpus: 64, coresPerSocket: 64 }, /needs 64 CPUs; the largest host of .* has \d+ threads/],
    ["memory", { memoryMB: 999_936 }, /needs 999936 MiB; the largest host/],
  ])("%s", async (id, size, found) => {
    await start();
    const defaultMachinePlatform = { cpus: 1, coresPerSocket: 1, memoryMB: 256, osDisk: { diskSizeGB: 2 }, ...size };
    expect(await check(id, cluster({ platform: { defaultMachinePlatform } }))).toMatchObject({
      outcome: "failed",
      found: expect.stringMatching(found) as string,
    });
  });

  it("datastore-space, thin and thick", async () => {
    await start({ inventory: { "datastore-size": 10 } });
    const osDisk = (diskSizeGB: number): object => ({ cpus: 1, coresPerSocket: 1, memoryMB: 256, osDisk: { diskSizeGB } });
    const with_ = (diskSizeGB: number, diskType: string): Promise<CheckResult> =>
      check("datastore-space", cluster({ platform: { defaultMachinePlatform: osDisk(diskSizeGB), diskType } }));
    expect(await with_(16, "thin")).toMatchObject({ outcome: "failed", found: expect.stringContaining("10 GiB free") as string });
    expect(await with_(4, "thin")).toMatchObject({ outcome: "ok" });
    expect(await with_(6, "eagerZeroedThick")).toMatchObject({
      outcome: "failed",
      found: expect.stringContaining("12 GiB needed for thick disks") as string,
    });
  });

  it("template", async () => {
    await start({ inventory: { machines: 1 } });
    const path = (await vcsim.govc("find", "/", "-type", "m")).stdout.trim().split("\n")[0] ?? "";
    expect(await check("template", cluster({}, domainWith({ template: path })))).toMatchObject({
      outcome: "failed",
      found: `${path} is a virtual machine, not a template`,
    });
  });

  it("image", async () => {
    await start();
    const path = join(folder, "image.ova");
    await writeFile(path, "not a tar file");
    expect(await check("image", cluster({ platform: { clusterOSImage: path } }))).toMatchObject({
      outcome: "failed",
      found: `${path} is not an OVA`,
    });
  });

  it("esxi-reachable", async () => {
    await start({ inventory: { hosts: 1 } });
    expect(await check("esxi-reachable", cluster())).toMatchObject({ outcome: "warning", found: "port 443 cannot be reached on DC0_C0_H0" });
  });

  it("names-free", async () => {
    await start();
    await vcsim.govc("folder.create", "/DC0/vm/teams");
    await vcsim.govc(
      "vm.create",
      "-folder",
      "/DC0/vm/teams",
      "-pool",
      "/DC0/host/DC0_C0/Resources",
      "-ds",
      "LocalDS_0",
      "-net",
      "DC0_DVPG0",
      "try-abcde-master-0",
    );
    expect(await check("names-free", cluster({}, domainWith({ folder: "/DC0/vm/teams" })))).toMatchObject({
      outcome: "failed",
      found: "taken: /DC0/vm/teams/try-abcde-master-0",
    });
  });

  it("vip-free", async () => {
    await start();
    expect(await check("vip-free", cluster(), { vips: { api: ["127.0.0.1"], ingress: ["127.0.0.1"] } })).toMatchObject({
      outcome: "failed",
      found: "127.0.0.1 answers already",
    });
  });

  it.each(["dns-api", "dns-apps"])("%s", async (id) => {
    await start();
    expect(await check(id, cluster())).toMatchObject({ outcome: "failed", found: expect.stringContaining("does not resolve from here") as string });
  });

  it("dns-api-int, which only the user's load balancer needs", async () => {
    await start();
    expect(await check("dns-api-int", cluster())).toMatchObject({ outcome: "ok" });
    expect(await check("dns-api-int", cluster(), { loadBalancer: "UserManaged" })).toMatchObject({ outcome: "failed" });
  });

  it("load-balancer", async () => {
    await start();
    const spec = { loadBalancer: "UserManaged" as const, vips: { api: ["127.0.0.1"], ingress: ["127.0.0.1"] } };
    expect(await check("load-balancer", cluster(), spec)).toMatchObject({
      outcome: "warning",
      found: expect.stringContaining("127.0.0.1:6443") as string,
    });
  });
});

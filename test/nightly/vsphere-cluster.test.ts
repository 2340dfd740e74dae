import { describe, expect, it } from "vitest";
import { eachWithItsVCenters, install, list, machines, ova, simulator, tags, vcsim } from "../helpers/vsphere-bench.ts";
import { oneDomain, pick } from "../helpers/vsphere-cluster.ts";

/** More of integration/vsphere/cluster. */
eachWithItsVCenters();

it("lies where names lead to, in folders of every kind, and is taken down by them", async () => {
  const inFolders = await simulator({ inventory: { folders: 1, pools: 1, machines: 0 } });
  await inFolders.govc("folder.create", "/F0/DC0/vm/F0/te*ms [a] 100%");
  const topology = {
    datacenter: "F0/DC0",
    computeCluster: "DC0_C0",
    resourcePool: "DC0_C0_RP1",
    datastore: "LocalDS_0",
    networks: ["DC0_DVPG0"],
    folder: "te*ms [a] 100%",
  };
  const cluster = await install(oneDomain(inFolders, topology), [inFolders], { controlPlane: 3 });
  const foreseen = await cluster.cli(["preview"]);
  expect(foreseen.code, foreseen.output).toBe(0);
  const made = await cluster.createInfra();
  expect(made.code, made.output).toBe(0);
  const id = await cluster.infraID();
  const folder = "/F0/DC0/vm/F0/te*ms [a] 100%25";
  const names = ["bootstrap", "master-0", "master-1", "master-2", "rhcos-zone-a"].map((name) => `${id}-${name}`);
  expect(await machines(inFolders)).toEqual(names.map((name) => `${folder}/${name}`));
  const pool = (await inFolders.govc("find", "-i", "/", "-type", "p", "-name", "DC0_C0_RP1")).stdout.trim();
  expect(await list(inFolders, "-type", "m", "-resourcePool", pool)).toHaveLength(4);
  const network = (await inFolders.govc("find", "-i", "/F0/DC0/network/F0", "-type", "n", "-name", "DC0_DVPG0")).stdout.trim();
  expect(await list(inFolders, "-type", "m", "-network", network)).toHaveLength(5);
  const rules = async (): Promise<string> => (await inFolders.govc("cluster.rule.ls", "-cluster", "/F0/DC0/host/F0/DC0_C0")).stdout.trim();
  expect(await rules()).toBe(`${id}-DC0_C0-anti-affinity`);
  const again = await cluster.createInfra();
  expect(again.code, again.output).toBe(0);
  expect(again.done).toEqual([]);
  // What destroy knows of the place is the names.
  const destroyed = await cluster.cli(["destroy", "cluster"]);
  expect(destroyed.code, destroyed.output).toBe(0);
  expect(await machines(inFolders)).toEqual([]);
  expect(await rules()).toBe("");
  expect(await tags(inFolders)).not.toContain(id);
  expect(await list(inFolders, "-type", "f", "-name", "te*")).toEqual([folder]);
});

it("clusters side by side do not touch each other", async () => {
  const one = await install(oneDomain(vcsim), [vcsim], { name: "side" });
  const other = await install(oneDomain(vcsim), [vcsim], { name: "side-b" });
  expect((await one.createInfra()).code).toBe(0);
  expect((await other.createInfra()).code).toBe(0);
  const kept = (await machines(vcsim)).filter((path) => path.includes("side-b"));
  const destroyed = await one.cli(["destroy", "cluster"]);
  expect(destroyed.code, destroyed.output).toBe(0);
  expect(await machines(vcsim)).toEqual(kept);
  const again = await other.createInfra();
  expect(again.done).toEqual([]);
});

describe("one vCenter, one failure domain", () => {
  it("takes a user's template and folder, and leaves them there", async () => {
    await vcsim.govc("folder.create", "/DC0/vm/teams");
    await vcsim.govc(
      "import.ova",
      "-pool",
      "/DC0/host/DC0_C0/Resources",
      "-ds",
      "LocalDS_0",
      "-folder",
      "/DC0/vm/teams",
      "-name",
      "golden",
      ova.path,
    );
    await vcsim.govc("vm.markastemplate", "/DC0/vm/teams/golden");
    const topology = { template: "/DC0/vm/teams/golden", folder: "/DC0/vm/teams" };
    const cluster = await install(oneDomain(vcsim, topology), [vcsim], { platform: { clusterOSImage: undefined } });
    const made = await cluster.createInfra();
    expect(made.code, made.output).toBe(0);
    const id = await cluster.infraID();
    expect(await machines(vcsim)).toEqual(["/DC0/vm/teams/golden", `/DC0/vm/teams/${id}-bootstrap`, `/DC0/vm/teams/${id}-master-0`].toSorted());
    const destroyed = await cluster.cli(["destroy", "cluster"]);
    expect(destroyed.code, destroyed.output).toBe(0);
    expect(await machines(vcsim)).toEqual(["/DC0/vm/teams/golden"]);
  });

  it("gives machines their own disks, every network and the hosts of their zone", async () => {
    await vcsim.govc("cluster.group.create", "-cluster", "/DC0/host/DC0_C0", "-name", "zone-hosts", "-host", "DC0_C0_H0", "DC0_C0_H1");
    const pool = {
      osDisk: { diskSizeGB: 3 },
      dataDisks: [
        { name: "etcd", sizeGiB: 2, provisioningMode: "Thick" },
        { name: "more", sizeGiB: 1 },
      ],
    };
    const cluster = await install(oneDomain(vcsim, { networks: ["DC0_DVPG0", "VM Network"], hostGroup: "zone-hosts" }), [vcsim], {
      platform: { diskType: "thick" },
      config: { controlPlane: { name: "master", replicas: 3, platform: { vsphere: pool } } },
    });
    const foreseen = await cluster.cli(["preview"]);
    expect(foreseen.code, foreseen.output).toBe(0);
    const made = await cluster.createInfra();
    expect(made.code, made.output).toBe(0);
    const id = await cluster.infraID();
    const devices = await vcsim.govc("device.info", "-json", "-vm", `/DC0/vm/${id}/${id}-master-0`, "disk-*", "ethernet-*");
    const found = (JSON.parse(devices.stdout) as { devices: readonly { capacityInKB?: number; backing: object }[] }).devices;
    expect(found.flatMap(({ capacityInKB }) => capacityInKB ?? [])).toEqual([3, 2, 1].map((gib) => gib * 2 ** 20));
    expect(found).toHaveLength(5);
    expect((await vcsim.govc("cluster.rule.ls", "-cluster", "/DC0/host/DC0_C0")).stdout.trim()).toContain(id);
    const again = await cluster.createInfra();
    expect(again.code, again.output).toBe(0);
    expect(again.done).toEqual([]);
    const destroyed = await cluster.cli(["destroy", "cluster"]);
    expect(destroyed.code, destroyed.output).toBe(0);
    expect(await machines(vcsim)).toEqual([]);
    expect((await vcsim.govc("cluster.group.ls", "-cluster", "/DC0/host/DC0_C0")).stdout.trim()).toBe("zone-hosts");
  });

  it("makes nothing where an object is of another kind, whatever checks are left out", async () => {
    const alone = await simulator({ inventory: { "standalone-hosts": 1 } });
    const cluster = await install(oneDomain(alone, { computeCluster: "/DC0/host/DC0_H0" }), [alone]);
    const started = Date.now();
    const create = ["create", "infra", "--skip", "dns-api", "--skip", "dns-apps"];
    for (const args of [create, [...create, "--skip", "inventory"], ["preview"]]) {
      const refused = await cluster.cli(args);
      expect(refused.code, refused.output).not.toBe(0);
      expect(refused.output).toContain("/DC0/host/DC0_H0 is a host, not a cluster");
      expect(refused.done).toEqual([]);
    }
    expect(Date.now() - started).toBeLessThan(600_000);
    expect(await tags(alone)).toBe("");
    expect(await list(alone, "-type", "f", "-name", await cluster.infraID())).toEqual([]);
  });
});

describe("several", () => {
  it("vCenters and failure domains are each used, and destroy goes on past one that does not answer", async () => {
    const second = await simulator({ inventory: { clusters: 2 } });
    const cluster = await install(
      [
        { ...pick(vcsim), domains: [{ name: "east-a" }] },
        { ...pick(second), server: second.server.replace("127.0.0.1", "localhost"), domains: [{ name: "west-a" }, { name: "west-b", cluster: 1 }] },
      ],
      [vcsim, second],
      { controlPlane: 3 },
    );
    const made = await cluster.createInfra();
    expect(made.code, made.output).toBe(0);
    const id = await cluster.infraID();
    expect(await machines(vcsim)).toEqual([`${id}-bootstrap`, `${id}-master-0`, `${id}-rhcos-east-a`].map((name) => `/DC0/vm/${id}/${name}`));
    expect(await machines(second)).toEqual(
      [`${id}-master-1`, `${id}-master-2`, `${id}-rhcos-west-a`, `${id}-rhcos-west-b`].map((name) => `/DC0/vm/${id}/${name}`),
    );

    await vcsim.control.addRules({ path: "/", status: 503 });
    const partly = await cluster.cli(["destroy", "cluster"]);
    expect(partly.code).toBe(4);
    expect(partly.output).toContain("DESTROY_INCOMPLETE");
    expect(partly.output).toContain(vcsim.server);
    expect(await machines(second)).toEqual([]);
    expect(await tags(second)).not.toContain(id);
    await vcsim.control.clearRules();
    expect(await machines(vcsim)).toHaveLength(3);
    const whole = await cluster.cli(["destroy", "cluster"]);
    expect(whole.code, whole.output).toBe(0);
    expect(await machines(vcsim)).toEqual([]);
  });
});

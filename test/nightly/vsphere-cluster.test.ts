import { expect, it } from "vitest";
import { eachWithItsVCenters, install, list, machines, simulator, tags, vcsim } from "../helpers/vsphere-bench.ts";
import { oneDomain } from "../helpers/vsphere-cluster.ts";

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

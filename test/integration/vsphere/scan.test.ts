import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { OwnedObject, PlatformMetadata } from "../../../src/providers/index.ts";
import { Govc } from "../../../src/providers/vsphere/govc.ts";
import { collect, find } from "../../../src/providers/vsphere/inventory.ts";
import { vsphere } from "../../../src/providers/vsphere/index.ts";
import type { Vcsim } from "../../../tools/vcsim/index.ts";
import { programsFolder, testVcsim } from "../../helpers/vcsim.ts";
import { oneDomain, vsphereCluster, type TestCluster } from "../../helpers/vsphere-cluster.ts";

const ID = "try-abcde";
let vcsim: Vcsim;
let cluster: TestCluster;
let metadata: PlatformMetadata;

beforeEach(async () => {
  vi.stubEnv("PATH", `${programsFolder()}:${process.env["PATH"] ?? ""}`);
  // Its command that makes a volume is not released.
  vi.stubEnv("GOVC_SHOW_UNRELEASED", "true");
  vcsim = await testVcsim();
  cluster = vsphereCluster(oneDomain(vcsim), { infraID: ID, config: { additionalTrustBundle: vcsim.ca } });
  metadata = vsphere.metadata(cluster.spec, cluster.identity, cluster.context.machines);
});
afterEach(async () => await vcsim.stop());

const scan = (): Promise<readonly OwnedObject[]> => vsphere.scan(ID, metadata, cluster.context);
const names = async (): Promise<readonly string[]> => (await scan()).map(({ kind, name }) => `${kind} ${name}`);
const machine = async (name: string, folder: string, ...more: readonly string[]): Promise<string> => {
  await vcsim.govc("vm.create", "-folder", folder, "-pool", "/DC0/host/DC0_C0/Resources", "-ds", "LocalDS_0", "-net", "DC0_DVPG0", ...more, name);
  return `${folder}/${name}`;
};
async function tag(infraID: string): Promise<string> {
  await vcsim.govc("tags.category.create", `openshift-${infraID}`);
  return (await vcsim.govc("tags.create", "-c", `openshift-${infraID}`, infraID)).stdout.trim();
}

async function removeAll(): Promise<void> {
  for (const object of await scan()) await vsphere.remove(ID, object, metadata, cluster.context);
}

describe("a scan", () => {
  it("finds nothing where nothing is", async () => expect(await scan()).toEqual([]));

  it("finds by tag, by exact name and by folder, in an order that can be removed, and then nothing", async () => {
    const id = await tag(ID);
    await vcsim.govc("folder.create", `/DC0/vm/${ID}`);
    await vcsim.govc("tags.attach", id, `/DC0/vm/${ID}`);
    await vcsim.govc("tags.attach", id, await machine(`${ID}-worker-x7k2p`, `/DC0/vm/${ID}`));
    await machine(`${ID}-master-0`, `/DC0/vm/${ID}`, "-on=false");
    await vcsim.govc("volume.create", "-ds", "LocalDS_0", "-size", "1G", "-cluster-id", ID, "pvc-1");
    await vcsim.govc("cluster.group.create", "-cluster", "/DC0/host/DC0_C0", "-name", `${ID}-zone-a`, "-vm", `${ID}-master-0`);
    const found = await scan();
    expect(found.map(({ kind, name, madeBy }) => [kind, name, madeBy])).toEqual([
      ["vm-group", `${ID}-zone-a`, "virt-ipi"],
      ["vm", `${ID}-worker-x7k2p`, "cluster"],
      ["vm", `${ID}-master-0`, "virt-ipi"],
      ["cns-volume", "pvc-1", "cluster"],
      ["folder", ID, "virt-ipi"],
      ["tag", ID, "virt-ipi"],
      ["tag-category", `openshift-${ID}`, "virt-ipi"],
    ]);
    await removeAll();
    expect(await scan()).toEqual([]);
    // What is gone already is no error.
    for (const object of found) await vsphere.remove(ID, object, metadata, cluster.context);
  });

  it("finds a machine of a MachineSet before it has its tag, by the name that is written into it, and no other of that form", async () => {
    cluster = vsphereCluster(oneDomain(vcsim), {
      infraID: ID,
      compute: 1,
      config: { additionalTrustBundle: vcsim.ca, machineManagement: "MachineSets" },
    });
    metadata = vsphere.metadata(cluster.spec, cluster.identity, cluster.context.machines);
    const notes = (text: string): readonly string[] => ["-annotation", text];
    await machine(`${ID}-worker-0-x7k2p`, "/DC0/vm", ...notes(`${ID}-worker-0-x7k2p`));
    await machine(`${ID}-worker-0-abcde`, "/DC0/vm", ...notes("of a colleague"));
    await machine(`${ID}-worker-0-copy`, "/DC0/vm", ...notes(`${ID}-worker-0-copy`));
    expect((await scan()).map(({ kind, name, madeBy }) => [kind, name, madeBy])).toEqual([["vm", `${ID}-worker-0-x7k2p`, "cluster"]]);
    await removeAll();
    expect(await scan()).toEqual([]);
  });

  it("leaves alone what only begins alike, and the objects of other clusters", async () => {
    await vcsim.govc("tags.attach", await tag(`${ID}-zzzzz`), await machine(`${ID}-zzzzz-master-0`, "/DC0/vm"));
    await machine(`${ID}-notes`, "/DC0/vm");
    await vcsim.govc("folder.create", `/DC0/vm/${ID}-zzzzz`);
    await vcsim.govc("volume.create", "-ds", "LocalDS_0", "-size", "1G", "-cluster-id", `${ID}-zzzzz`, "pvc-2");
    expect(await scan()).toEqual([]);
  });

  it("never empties a folder: a stranger's machine in it stays, and so does the folder", async () => {
    await vcsim.govc("folder.create", `/DC0/vm/${ID}`);
    await machine("somebody-elses", `/DC0/vm/${ID}`);
    const [folder] = await scan();
    expect(folder).toMatchObject({ kind: "folder", name: ID });
    if (folder === undefined) return;
    await expect(vsphere.remove(ID, folder, metadata, cluster.context)).rejects.toThrow(/is not empty: 1 objects in it are not of this cluster/);
    expect((await vcsim.govc("find", "/", "-type", "m")).stdout).toContain("somebody-elses");
  });

  it("removes nothing that does not carry the mark, though it is told to", async () => {
    const own = await tag(ID);
    const other = await tag("else-x7k2p");
    const idOf = async (path: string): Promise<string> => (await vcsim.govc("find", "-i", path, "-maxdepth", "0")).stdout.trim();
    await vcsim.govc("folder.create", "/DC0/vm/customer-a");
    await vcsim.govc("tags.attach", other, await machine("payroll-db", "/DC0/vm"));
    const found: readonly (readonly [kind: string, name: string, id: string])[] = [
      ["vm", `${ID}-master-0`, await idOf("/DC0/vm/payroll-db")],
      ["folder", ID, await idOf("/DC0/vm/customer-a")],
      ["tag", ID, other],
      ["cluster-rule", "somebody", "/DC0/host/DC0_C0#somebody"],
      ["storage-policy", "somebody", "somebody"],
    ];
    for (const [kind, name, id] of found)
      await expect(vsphere.remove(ID, { kind, name, id: `${vcsim.server}/${id}` }, metadata, cluster.context), kind).rejects.toMatchObject({
        id: "OBJECT_NOT_OWNED",
      });
    const left = (await vcsim.govc("find", "/")).stdout;
    for (const name of ["payroll-db", "customer-a"]) expect(left).toContain(name);
    expect((await vcsim.govc("tags.ls")).stdout).toContain("else-x7k2p");
    // The cluster's tag makes it the cluster's, whatever its name.
    await vcsim.govc("tags.attach", own, "/DC0/vm/payroll-db");
    await vsphere.remove(ID, { kind: "vm", name: "payroll-db", id: `${vcsim.server}/${found[0]?.[2] ?? ""}` }, metadata, cluster.context);
    expect((await vcsim.govc("find", "/")).stdout).not.toContain("payroll-db");
  });

  it.each(["customer-*", "*-abcde", "*"])("asks for nothing by an infraID that is a pattern: %s", async (infraID) => {
    await vcsim.govc("folder.create", "/DC0/vm/customer-abcde");
    await expect(vsphere.scan(infraID, metadata, cluster.context)).rejects.toMatchObject({ id: "METADATA_INVALID" });
    await expect(vsphere.scan(ID, { ...metadata, machines: ["payroll-db"] }, cluster.context)).rejects.toMatchObject({ id: "METADATA_INVALID" });
    expect((await vcsim.govc("find", "/", "-type", "f")).stdout).toContain("customer-abcde");
  });

  it("takes a path with brackets for what it says", async () => {
    await vcsim.govc("folder.create", "/DC0/vm/a");
    await vcsim.govc("folder.create", "/DC0/vm/[a]");
    const govc = new Govc({ server: vcsim.server, user: vcsim.user, password: vcsim.password, trustBundle: vcsim.ca }, cluster.context.run);
    expect(await collect(govc, "/DC0/vm/[a]", ["name"])).toEqual({ name: "[a]" });
    expect(await find(govc, "/DC0/vm/[a]", ["-maxdepth", "0"])).toEqual(["/DC0/vm/[a]"]);
  });

  it("finds a half-imported template by what is written into it", async () => {
    const path = await machine(`${ID}-rhcos-gone-zone`, "/DC0/vm", "-on=false");
    await vcsim.govc("vm.change", "-vm", path, "-annotation", `virt-ipi template of ${ID}, sha256 ${"0".repeat(64)}`);
    expect(await names()).toEqual([`vm ${ID}-rhcos-gone-zone`]);
  });

  it("tells of a vCenter that cannot be asked, and refuses to call it clean", async () => {
    await vcsim.stop();
    expect(await scan()).toMatchObject([{ kind: "vcenter", name: vcsim.server, problem: expect.stringContaining("does not answer") as string }]);
  });
});

describe("orphans", () => {
  it("are what carries the tag of a cluster that nobody knows", async () => {
    await vcsim.govc("tags.attach", await tag("lost-x7k2p"), await machine("lost-x7k2p-master-0", "/DC0/vm"));
    await vcsim.govc("tags.attach", await tag(ID), await machine(`${ID}-master-0`, "/DC0/vm"));
    await vcsim.govc("tags.category.create", "openshift-region");
    const found = await vsphere.orphans?.(metadata, new Set([ID]), cluster.context);
    expect(found?.map(({ infraID, kind, name }) => [infraID, kind, name])).toEqual([
      ["lost-x7k2p", "vm", "lost-x7k2p-master-0"],
      ["lost-x7k2p", "tag-category", "openshift-lost-x7k2p"],
    ]);
  });
});

describe("a gather", () => {
  it("describes the machines without their Ignition configs", async () => {
    const path = await machine(`${ID}-master-0`, "/DC0/vm");
    await vcsim.govc("vm.change", "-vm", path, "-e", "guestinfo.ignition.config.data=planted-secret");
    const files = await vsphere.gather(ID, metadata, cluster.context);
    expect([...files.keys()]).toContain(`vsphere/${ID}-master-0.vm.json`);
    expect(files.get(`vsphere/${ID}-master-0.vm.json`)).toContain("poweredOn");
    expect([...files.values()].join("\n")).not.toContain("planted-secret");
    expect([...files.values()].join("\n")).not.toContain(`"${vcsim.password}"`);
  });
});

import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Vcsim } from "../../../tools/vcsim/index.ts";
import { smallOva, type SmallOva } from "../../helpers/small-ova.ts";
import { testVcsim } from "../../helpers/vcsim.ts";
import { oneDomain } from "../../helpers/vsphere-cluster.ts";
import { vsphereInstallation, type VSphereInstallation } from "../../helpers/vsphere-installation.ts";

let folder: string;
let ova: SmallOva;
let vcsim: Vcsim;
let cluster: VSphereInstallation;

beforeAll(async () => {
  folder = await mkdtemp("/tmp/vt-vsphere-");
  ova = await smallOva(join(folder, "node.ova"));
});
afterAll(async () => await rm(folder, { recursive: true, force: true }));
beforeEach(async () => {
  vcsim = await testVcsim({ password: "a password" });
  cluster = await vsphereInstallation(oneDomain(vcsim), [vcsim], { controlPlane: 3, platform: { clusterOSImage: ova.path } });
});
afterEach(async () => {
  await cluster.dispose();
  await vcsim.stop();
});

const machines = async (): Promise<readonly string[]> => (await vcsim.govc("find", "/", "-type", "m")).stdout.split("\n").filter(Boolean);

/** Whatever went wrong: the same command again makes all of it, and destroy leaves nothing. */
async function goesOnAndLeavesNothing(): Promise<void> {
  const again = await cluster.createInfra();
  expect(again.code, again.output).toBe(0);
  const id = await cluster.infraID();
  expect((await machines()).map((path) => path.slice(`/DC0/vm/${id}/${id}-`.length)).toSorted()).toEqual([
    "bootstrap",
    "master-0",
    "master-1",
    "master-2",
    "rhcos-zone-a",
  ]);
  const destroyed = await cluster.cli(["destroy", "cluster"]);
  expect(destroyed.code, destroyed.output).toBe(0);
  expect(await machines()).toEqual([]);
  expect((await vcsim.govc("tags.category.ls")).stdout).not.toContain(id);
}

/** Each command is a whole run of the CLI, the engine and two plugins. */
const LONG = { timeout: 15 * 60_000 };

describe("in the middle of making machines", LONG, () => {
  it.each([
    ["an answer of 503 to a clone", { path: "/sdk", method: "CloneVM_Task", status: 503, skip: 1, times: 1 }],
    ["a connection that breaks during a clone", { path: "/sdk", method: "CloneVM_Task", reset: true, skip: 1, times: 1 }],
    ["an upload that breaks", { path: "/nfc", reset: true, times: 1 }],
  ])("%s ends the run with an error, and the next one goes on", async (_name, rule) => {
    await vcsim.control.addRules(rule);
    const broken = await cluster.createInfra();
    expect(broken.code).toBe(4);
    await vcsim.control.clearRules();
    await goesOnAndLeavesNothing();
  });

  it("slow answers only take longer", async () => {
    await vcsim.control.addRules({ path: "/sdk", delayMs: 50 });
    await goesOnAndLeavesNothing();
  });

  it("a vCenter that is restarted, and a session that expires, are got over by the next run", async () => {
    let once = false;
    const cut = await cluster.createInfra(({ type, status, kind }) => {
      if (once || type !== "resource" || status !== "done" || kind !== "virt-ipi:vsphere:Template") return;
      once = true;
      void vcsim.control.restart(1_000);
    });
    expect(once, cut.output).toBe(true);
    await vcsim.control.expireSessions();
    await goesOnAndLeavesNothing();
  });

  it("kill -9 is got over", async () => {
    const killed = await cluster.createInfra(({ type, status, kind }, child) => {
      if (type === "resource" && status === "started" && String(kind).includes("VirtualMachine")) child.kill("SIGKILL");
    });
    expect(killed.code).toBeNull();
    await goesOnAndLeavesNothing();
  });
});

describe("what is removed by hand", LONG, () => {
  it("is made again: a machine, the template, and the tag, which the rest goes on with", async () => {
    const made = await cluster.createInfra();
    expect(made.code, made.output).toBe(0);
    const id = await cluster.infraID();
    await vcsim.govc("tags.rm", "-f", id);
    await vcsim.govc("vm.destroy", `/DC0/vm/${id}/${id}-bootstrap`);
    await vcsim.govc("object.destroy", `/DC0/vm/${id}/${id}-rhcos-zone-a`);
    await goesOnAndLeavesNothing();
  });
});

import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { environmentOf } from "../../../src/stack/processes.ts";
import type { Vcsim } from "../../../tools/vcsim/index.ts";
import { previewSteps } from "../../helpers/preview-steps.ts";
import { smallOva, type SmallOva } from "../../helpers/small-ova.ts";
import { testVcsim } from "../../helpers/vcsim.ts";
import { oneDomain } from "../../helpers/vsphere-cluster.ts";
import { vsphereInstallation, type Event, type OnEvent, type Run, type VSphereInstallation } from "../../helpers/vsphere-installation.ts";

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

/** @returns the infraID */
async function make(): Promise<string> {
  const made = await cluster.createInfra();
  expect(made.code, made.output).toBe(0);
  return await cluster.infraID();
}

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

/** Stops a run a second after it has come so far, and again two seconds later. */
async function leftByCtrlC(start: (onEvent: OnEvent) => Promise<Run>, isThere: (event: Event) => boolean): Promise<Run> {
  let pressed = false;
  const left = await start((event, child) => {
    if (pressed || event["type"] !== "resource" || !isThere(event)) return;
    pressed = true;
    for (const afterMs of [1_000, 3_000]) setTimeout(() => child.kill("SIGINT"), afterMs);
  });
  expect(left.output).toContain("SIGINT: stopping in order; once more ends at once");
  return left;
}

/** Processes that work for this cluster, by their environment. */
async function pluginsLeft(): Promise<readonly string[]> {
  const found: string[] = [];
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number)) {
    if ((await environmentOf(pid)).has(`VIRT_IPI_DIR=${cluster.dir}`)) found.push(await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => ""));
  }
  return found;
}

/** Each command is a whole run of the CLI, the engine and two plugins. */
const LONG = { timeout: 15 * 60_000 };

describe("in the middle of making machines", LONG, () => {
  it.each([
    ["an answer of 503 to a clone", { path: "/sdk", method: "CloneVM_Task", status: 503, skip: 1, times: 1 }],
    ["a connection that breaks during a clone", { path: "/sdk", method: "CloneVM_Task", reset: true, skip: 1, times: 1 }],
    ["a session that expires with a clone", { path: "/sdk", method: "CloneVM_Task", expire: true, skip: 1, times: 1 }],
    ["an upload that breaks", { path: "/nfc", reset: true, times: 1 }],
    ["a session that expires during the upload", { path: "/nfc", expire: true, times: 1 }],
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

  it.each([
    ["a clone", { path: "/sdk", method: "CloneVM_Task", hang: true }, "VirtualMachine"],
    ["an upload", { path: "/nfc", hang: true }, "Template"],
  ])("%s that never answers is left by Ctrl-C twice, and the next run goes on", async (_name, rule, kind) => {
    await vcsim.control.addRules(rule);
    const left = await leftByCtrlC(
      (onEvent) => cluster.createInfra(onEvent),
      ({ status, kind: of }) => status === "started" && String(of).includes(kind),
    );
    await vcsim.control.clearRules();
    expect(left.code, left.output).toBe(8);
    await goesOnAndLeavesNothing();
    expect(await pluginsLeft()).toEqual([]);
  });

  it("kill -9 is got over", async () => {
    const killed = await cluster.createInfra(({ type, status, kind }, child) => {
      if (type === "resource" && status === "started" && String(kind).includes("VirtualMachine")) child.kill("SIGKILL");
    });
    expect(killed.code).toBeNull();
    await goesOnAndLeavesNothing();
  });
});

describe("in the middle of destroying", LONG, () => {
  it.each([
    ["an answer of 503", { status: 503 }],
    ["a connection that breaks", { reset: true }],
    ["a session that expires", { expire: true }],
  ])("%s leaves what the same command again removes", async (_name, fault) => {
    const id = await make();
    await vcsim.control.addRules({ path: "/sdk", method: "Destroy_Task", skip: 1, times: 1, ...fault });
    const first = await cluster.cli(["destroy", "cluster"]);
    await isDestroyed(id, first);
  });

  it("a restart leaves what the same command again removes", async () => {
    const id = await make();
    let once = false;
    const cut = await cluster.cli(["destroy", "cluster"], ({ type, operation, status }) => {
      if (once || type !== "resource" || operation !== "delete" || status !== "started") return;
      once = true;
      void vcsim.control.restart(1_000);
    });
    expect(once, cut.output).toBe(true);
    await isDestroyed(id, cut);
  });

  it("an answer that never comes is left by Ctrl-C twice", async () => {
    const id = await make();
    await vcsim.control.addRules({ path: "/sdk", method: "Destroy_Task", hang: true });
    const left = await leftByCtrlC(
      (onEvent) => cluster.cli(["destroy", "cluster"], onEvent),
      ({ operation, status }) => operation === "delete" && status === "started",
    );
    expect(left.code, left.output).toBe(8);
    await vcsim.control.clearRules();
    await isDestroyed(id, left);
    expect(await pluginsLeft()).toEqual([]);
  });
});

/** @param first a destroy that either got over the fault itself, or left the rest to the same command again */
async function isDestroyed(id: string, first: Run): Promise<void> {
  const destroyed = first.code === 0 ? first : await cluster.cli(["destroy", "cluster"]);
  expect(destroyed.code, destroyed.output).toBe(0);
  expect(await machines()).toEqual([]);
  expect((await vcsim.govc("find", "/", "-type", "f", "-name", id)).stdout.trim()).toBe("");
  expect((await vcsim.govc("tags.category.ls")).stdout).not.toContain(id);
}

describe("what is removed by hand", LONG, () => {
  it("need not be made again to be destroyed", async () => {
    const id = await make();
    for (const path of await machines()) await vcsim.govc("vm.destroy", path);
    await vcsim.govc("object.destroy", `/DC0/vm/${id}`);
    await vcsim.govc("tags.rm", "-f", id);
    const destroyed = await cluster.cli(["destroy", "cluster"]);
    expect(destroyed.code, destroyed.output).toBe(0);
    expect((await vcsim.govc("tags.category.ls")).stdout).not.toContain(id);
    expect((await vcsim.govc("cluster.rule.ls", "-cluster", "/DC0/host/DC0_C0")).stdout).not.toContain(id);
  });

  it("is made again: the folder with all that is in it", async () => {
    const id = await make();
    // One by one: vcsim stands still when it destroys a folder with machines in it.
    for (const path of await machines()) await vcsim.govc("vm.destroy", path);
    await vcsim.govc("object.destroy", `/DC0/vm/${id}`);
    expect(await machines()).toEqual([]);
    const preview = await cluster.cli(["preview"]);
    expect(preview.code, preview.output).toBe(0);
    const steps = previewSteps(preview);
    expect(steps).toContainEqual(expect.objectContaining({ operation: "create", kind: "vsphere:index/folder:Folder" }));
    expect(steps).toContainEqual(expect.objectContaining({ operation: "create", name: `${id}-master-1` }));
    await goesOnAndLeavesNothing();
  });

  it("is made again: a machine, the template, and the tag, which the rest goes on with", async () => {
    const id = await make();
    await vcsim.govc("tags.rm", "-f", id);
    await vcsim.govc("vm.destroy", `/DC0/vm/${id}/${id}-bootstrap`);
    await vcsim.govc("object.destroy", `/DC0/vm/${id}/${id}-rhcos-zone-a`);
    const preview = await cluster.cli(["preview"]);
    expect(preview.code, preview.output).toBe(0);
    const steps = previewSteps(preview);
    // Machines that run stay as they are, whatever became of the template that they came from.
    expect(steps.filter(({ kind }) => kind.includes("VirtualMachine"))).toEqual([
      { operation: "create", kind: "vsphere:index/virtualMachine:VirtualMachine", name: `${id}-bootstrap` },
    ]);
    await goesOnAndLeavesNothing();
  });
});

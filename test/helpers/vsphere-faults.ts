import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { environmentOf } from "../../src/stack/processes.ts";
import type { Rule } from "../../tools/vcsim/control.ts";
import type { Vcsim } from "../../tools/vcsim/index.ts";
import { smallOva, type SmallOva } from "./small-ova.ts";
import { testVcsim } from "./vcsim.ts";
import { oneDomain } from "./vsphere-cluster.ts";
import { vsphereInstallation, type Event, type OnEvent, type Run, type VSphereInstallation } from "./vsphere-installation.ts";

/** A cluster folder and a vCenter of its own for each test of a file, in which things go wrong. */

let folder: string;
let ova: SmallOva;
export let vcsim: Vcsim;
export let cluster: VSphereInstallation;

/** To be called once at the top of a test file. */
export function eachWithItsVCenter(): void {
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
}

export const machines = async (): Promise<readonly string[]> => (await vcsim.govc("find", "/", "-type", "m")).stdout.split("\n").filter(Boolean);

/** @returns the infraID */
export async function make(): Promise<string> {
  const made = await cluster.createInfra();
  expect(made.code, made.output).toBe(0);
  return await cluster.infraID();
}

/** Whatever went wrong: the same command again makes all of it, and destroy leaves nothing. */
export async function goesOnAndLeavesNothing(): Promise<void> {
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
export async function leftByCtrlC(start: (onEvent: OnEvent) => Promise<Run>, isThere: (event: Event) => boolean): Promise<Run> {
  let pressed = false;
  const left = await start((event, child) => {
    if (pressed || event["type"] !== "resource" || !isThere(event)) return;
    pressed = true;
    for (const afterMs of [1_000, 3_000]) setTimeout(() => child.kill("SIGINT"), afterMs);
  });
  expect(left.output).toContain("SIGINT: stopping cleanly; a second signal stops at once");
  return left;
}

/** Processes that work for this cluster, by their environment. */
export async function pluginsLeft(): Promise<readonly string[]> {
  const found: string[] = [];
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number)) {
    if ((await environmentOf(pid)).has(`VIRT_IPI_DIR=${cluster.dir}`)) found.push(await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => ""));
  }
  return found;
}

/** @param first a destroy that either got over the fault itself, or left the rest to the same command again */
export async function isDestroyed(id: string, first: Run): Promise<void> {
  const destroyed = first.code === 0 ? first : await cluster.cli(["destroy", "cluster"]);
  expect(destroyed.code, destroyed.output).toBe(0);
  expect(await machines()).toEqual([]);
  expect((await vcsim.govc("find", "/", "-type", "f", "-name", id)).stdout.trim()).toBe("");
  expect((await vcsim.govc("tags.category.ls")).stdout).not.toContain(id);
}

/** Each command is a whole run of the CLI, the engine and two plugins. */
export const LONG = { timeout: 15 * 60_000 };

/** Faults while machines are made that end the run. */
export function breakTheMaking(rows: readonly (readonly [fault: string, rule: Rule])[]): void {
  it.each(rows)("%s ends the run with an error, and the next one goes on", async (_name, rule) => {
    await vcsim.control.addRules(rule);
    const broken = await cluster.createInfra();
    expect(broken.code).toBe(4);
    await vcsim.control.clearRules();
    await goesOnAndLeavesNothing();
  });
}

/** @param kind what the making of begins when the user may leave */
export function hangTheMaking(what: string, rule: Rule, kind: string): void {
  it(`${what} that never answers is left by Ctrl-C twice, and the next run goes on`, async () => {
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
}

/** Faults of the second machine's removal. */
export function breakTheRemoval(rows: readonly (readonly [fault: string, rule: Rule])[]): void {
  it.each(rows)("%s leaves what the same command again removes", async (_name, fault) => {
    const id = await make();
    await vcsim.control.addRules({ path: "/sdk", method: "Destroy_Task", skip: 1, times: 1, ...fault });
    const first = await cluster.cli(["destroy", "cluster"]);
    await isDestroyed(id, first);
  });
}

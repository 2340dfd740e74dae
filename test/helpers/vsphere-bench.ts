import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import type { Vcsim } from "../../tools/vcsim/index.ts";
import { smallOva, type SmallOva } from "./small-ova.ts";
import { testVcsim } from "./vcsim.ts";
import { vsphereInstallation, type VSphereInstallation } from "./vsphere-installation.ts";

/** Clusters on simulated vCenters: each test has one vCenter, and may have more. */

let folder: string;
export let ova: SmallOva;
export let vcsim: Vcsim;
const installations: VSphereInstallation[] = [];
const simulators: Vcsim[] = [];

/** To be called once at the top of a test file. */
export function eachWithItsVCenters(): void {
  beforeAll(async () => {
    folder = await mkdtemp("/tmp/vt-vsphere-");
    ova = await smallOva(join(folder, "node.ova"));
  });
  afterAll(async () => await rm(folder, { recursive: true, force: true }));
  beforeEach(async () => {
    vcsim = await simulator();
  });
  afterEach(async () => {
    for (const installation of installations.splice(0)) await installation.dispose();
    for (const each of simulators.splice(0)) await each.stop();
  });
}

export async function simulator(options: Parameters<typeof testVcsim>[0] = {}): Promise<Vcsim> {
  const started = await testVcsim({ password: 'p$ w"d', ...options });
  simulators.push(started);
  return started;
}

export async function install(...args: Parameters<typeof vsphereInstallation>): Promise<VSphereInstallation> {
  const [vcenters, sims, options = {}] = args;
  const made = await vsphereInstallation(vcenters, sims, { ...options, platform: { clusterOSImage: ova.path, ...options.platform } });
  installations.push(made);
  return made;
}

export const list = async (where: Vcsim, ...filters: readonly string[]): Promise<readonly string[]> =>
  (await where.govc("find", "/", ...filters)).stdout.split("\n").filter(Boolean).toSorted();
export const machines = (where: Vcsim): Promise<readonly string[]> => list(where, "-type", "m");
export const tags = async (where: Vcsim): Promise<string> => (await where.govc("tags.ls")).stdout + (await where.govc("tags.category.ls")).stdout;

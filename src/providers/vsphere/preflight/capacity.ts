import type { MachinePlan } from "../../../config/index.ts";
import { collect, collectHosts } from "../inventory.ts";
import { failed, ok, skipped, warning, type Finding } from "../../preflight/check.ts";
import { govcOf, type CheckInput } from "./check.ts";

interface Place {
  readonly server: string;
  readonly path: string;
  /** Machines that are still to be made there. */
  readonly machines: readonly MachinePlan[];
}

/** The machines to be made, the bootstrap machine with them as that is the peak, by where their failure domain puts them. */
function places({ domains, machines, existing }: CheckInput, pick: (domain: CheckInput["domains"][number]) => string): readonly Place[] {
  const byPath = new Map<string, Place>();
  for (const domain of domains) {
    const path = pick(domain);
    const here = machines.filter(({ name, vsphere }) => vsphere?.failureDomain === domain.name && !existing.has(name));
    const before = byPath.get(`${domain.server}${path}`);
    byPath.set(`${domain.server}${path}`, { server: domain.server, path, machines: [...(before?.machines ?? []), ...here] });
  }
  return [...byPath.values()].filter((place) => place.machines.length > 0);
}

interface HostSize {
  readonly threads: number;
  readonly memoryMB: number;
  readonly freeMB: number;
}

async function hostSizes(input: CheckInput, { server, path }: Place): Promise<readonly HostSize[]> {
  const govc = govcOf(input, server);
  const sizes: HostSize[] = [];
  for (const found of (await collectHosts(govc, path, ["summary.hardware", "summary.quickStats", "runtime.inMaintenanceMode"])).values()) {
    const hardware = found["summary.hardware"] as { memorySize: number; numCpuThreads: number } | undefined;
    const stats = found["summary.quickStats"] as { overallMemoryUsage?: number } | undefined;
    if (hardware === undefined || found["runtime.inMaintenanceMode"] === true) continue;
    const memoryMB = Math.floor(hardware.memorySize / 2 ** 20);
    sizes.push({ threads: hardware.numCpuThreads, memoryMB, freeMB: memoryMB - (stats?.overallMemoryUsage ?? 0) });
  }
  return sizes;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

export async function checkMemory(input: CheckInput): Promise<Finding> {
  const texts: string[] = [];
  let tight = false;
  for (const place of places(input, ({ topology }) => topology.computeCluster)) {
    const hosts = await hostSizes(input, place);
    const needed = sum(place.machines.map(({ memoryMB }) => memoryMB));
    const largest = Math.max(0, ...hosts.map(({ memoryMB }) => memoryMB));
    const free = sum(hosts.map(({ freeMB }) => freeMB));
    const text = `${place.path}: ${needed} MiB needed for ${place.machines.length} machines, ${free} MiB free`;
    const big = place.machines.find(({ memoryMB }) => memoryMB > largest);
    if (big !== undefined)
      return failed(
        `${big.name} needs ${big.memoryMB} MiB; the largest host of ${place.path} has ${largest} MiB`,
        "Lower memoryMB of its pool, or choose a cluster with larger hosts.",
      );
    if (needed > sum(hosts.map(({ memoryMB }) => memoryMB)))
      return failed(text, "Lower memoryMB of the machine pools, create fewer machines, or spread them over more failure domains.");
    tight ||= needed > free;
    texts.push(text);
  }
  if (texts.length === 0) return skipped("all machines exist already");
  return tight ? warning(texts.join("; "), "Memory will be overcommitted, and etcd suffers from swapping: free some.") : ok(texts.join("; "));
}

/** vCPUs a hardware thread up to which a control plane is known to stay responsive. */
const LARGEST_OVERCOMMIT = 4;

export async function checkCpu(input: CheckInput): Promise<Finding> {
  const texts: string[] = [];
  let tight = false;
  for (const place of places(input, ({ topology }) => topology.computeCluster)) {
    const hosts = await hostSizes(input, place);
    const needed = sum(place.machines.map(({ cpus }) => cpus));
    const threads = sum(hosts.map((host) => host.threads));
    const largest = Math.max(0, ...hosts.map((host) => host.threads));
    const big = place.machines.find(({ cpus }) => cpus > largest);
    if (big !== undefined)
      return failed(
        `${big.name} needs ${big.cpus} CPUs; the largest host of ${place.path} has ${largest} threads`,
        "Lower cpus of its pool: a machine cannot have more than its host.",
      );
    tight ||= needed > threads * LARGEST_OVERCOMMIT;
    texts.push(`${place.path}: ${needed} CPUs for ${place.machines.length} machines on ${threads} threads`);
  }
  if (texts.length === 0) return skipped("all machines exist already");
  return tight
    ? warning(texts.join("; "), "Lower cpus of the machine pools: etcd misses its heartbeats on overcommitted hosts.")
    : ok(texts.join("; "));
}

const GIB = 2 ** 30;
/** What an installation writes to a thin disk of its own. */
const EXPECTED_GB_A_MACHINE = 16;

/** Thick disks must fit as a whole; thin ones must fit with what an installation writes, and are warned of where they could not grow. */
export async function checkDatastores(input: CheckInput): Promise<Finding> {
  const thick = input.platform.diskType === "thick" || input.platform.diskType === "eagerZeroedThick";
  const texts: string[] = [];
  let tight = false;
  for (const place of places(input, ({ topology }) => topology.datastore)) {
    const found = await collect(govcOf(input, place.server), place.path, ["summary.freeSpace", "summary.accessible"]);
    if (found?.["summary.accessible"] !== true)
      return failed(`datastore ${place.path} is not accessible`, "Mount it on the hosts of its cluster, or choose another.");
    const freeGB = Math.floor(Number(found["summary.freeSpace"]) / GIB);
    const full = sum(place.machines.map((machine) => machine.diskSizeGB + sum((machine.vsphere?.dataDisks ?? []).map(({ sizeGiB }) => sizeGiB))));
    const least = thick ? full : sum(place.machines.map(({ diskSizeGB }) => Math.min(diskSizeGB, EXPECTED_GB_A_MACHINE)));
    const text = `${place.path}: ${freeGB} GiB free, ${thick ? `${full} GiB needed for thick disks` : `about ${least} GiB needed at first, ${full} GiB when thin disks are full`}`;
    if (freeGB < least) return failed(text, "Free some space, choose another datastore, lower osDisk.diskSizeGB, or use thin disks (diskType).");
    tight ||= freeGB < full;
    texts.push(text);
  }
  if (texts.length === 0) return skipped("all machines exist already");
  return tight ? warning(texts.join("; "), "Watch the space, or lower osDisk.diskSizeGB.") : ok(texts.join("; "));
}

import { stat, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { isLocal } from "../acceleration.ts";
import { firstGB, GIB } from "../disk.ts";
import { diskName } from "../names.ts";
import { poolFacts, systemFolderBehind } from "../storage-pool.ts";
import { storageOf } from "../storage-plan.ts";
import { volumeNames } from "../storage.ts";
import { failed, ok, skipped, warning, type Finding } from "../../preflight/check.ts";
import type { CheckInput } from "./check.ts";

/** Pools whose volumes are files, as overlays and fw_cfg need them. */
const FILE_POOLS = ["dir", "fs", "netfs"];

export async function checkPool({ libvirt, platform, identity }: CheckInput): Promise<Finding> {
  const storage = storageOf(platform, identity.infraID);
  if (!storage.owned) {
    const pool = await poolFacts(libvirt, storage.pool);
    if (pool === undefined)
      return failed(`there is no storage pool ${storage.pool}`, "Create it with `virsh pool-define-as`, or leave platform.kvm.storagePool out.");
    if (!FILE_POOLS.includes(pool.type))
      return failed(`storage pool ${storage.pool} is of type ${pool.type}`, `Use a pool of type ${FILE_POOLS.join(", ")}.`);
    if (!/running/.test(await libvirt.virsh(["pool-info", "--pool", storage.pool])))
      return failed(`storage pool ${storage.pool} is off`, `Start it: virsh pool-start ${storage.pool}`);
    return await readable(pool.path, platform.uri);
  }
  const system = await systemFolderBehind(storage.path, platform.uri);
  if (system !== undefined)
    return failed(`${storage.path} leads to ${system}, a folder of the system`, "Give another folder under platform.kvm.storagePool.");
  return await readable(storage.path, platform.uri);
}

/** QEMU's own user must be able to walk to the folder: every folder on the way needs x for others. */
async function readable(path: string, uri: string): Promise<Finding> {
  if (!isLocal(uri)) return ok(`${path} on the remote host`);
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    const found = await stat(folder).catch(() => undefined);
    if (found === undefined) continue;
    if (!found.isDirectory()) return failed(`${folder} is not a folder`, "Give another folder under platform.kvm.storagePool.");
    if ((found.mode & 0o001) === 0)
      return warning(
        `${folder} (mode ${(found.mode & 0o777).toString(8)}) keeps other users out; QEMU mostly runs as libvirt-qemu or qemu`,
        `Run: chmod o+x ${folder}`,
      );
  }
  return ok(path);
}

/** Overlays may grow to their full size, which is a warning; the room for an installation must be there. */
export async function checkDisk({ libvirt, platform, identity, machines }: CheckInput): Promise<Finding> {
  const storage = storageOf(platform, identity.infraID);
  const existing = new Set(await volumeNames(libvirt, storage.pool));
  const toMake = machines.filter(({ name }) => !existing.has(diskName(name)));
  const fullGB = toMake.reduce((sum, { diskSizeGB }) => sum + diskSizeGB, 0);
  const leastGB = toMake.reduce((sum, { diskSizeGB }) => sum + firstGB(diskSizeGB), 0);
  const free = await freeBytes(libvirt, storage.pool, storage.owned ? storage.path : undefined, platform.uri);
  if (free === undefined) return skipped("the pool does not exist yet on the remote host");
  const freeGB = Math.floor(free / GIB);
  const text = `${freeGB} GiB free, about ${leastGB} GiB needed at first, up to ${fullGB} GiB when all disks are full`;
  if (freeGB < leastGB) return failed(text, "Free some space, or choose another folder or pool under platform.kvm.storagePool.");
  return freeGB < fullGB ? warning(text, "Watch the space, or lower osDisk.diskSizeGB.") : ok(text);
}

async function freeBytes(libvirt: CheckInput["libvirt"], pool: string, path: string | undefined, uri: string): Promise<number | undefined> {
  const facts = await poolFacts(libvirt, pool);
  if (facts !== undefined && facts.available > 0) return facts.available;
  if (path === undefined || !isLocal(uri)) return undefined;
  for (let folder = path; ; folder = dirname(folder)) {
    const found = await statfs(folder).catch(() => undefined);
    if (found !== undefined) return found.bavail * found.bsize;
    if (folder === dirname(folder)) return undefined;
  }
}

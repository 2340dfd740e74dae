import { ActuatorRefusal, type MachineObject } from "../../actuator.ts";
import { domainFacts, powerOff, removeDomain } from "../domains.ts";
import type { Libvirt } from "../libvirt.ts";
import { removeFiles } from "../machine-files.ts";
import { diskName } from "../names.ts";
import { deleteVolume, pathsInUse, volumeFacts } from "../storage.ts";
import type { MachineHost } from "./provider-spec.ts";
import { refusal, withReason } from "./reasons.ts";
import { release } from "./reservation.ts";

/**
 * Removes all of a Machine from a host: its power, its address, files and disk, and last the domain, which says whose they are. What is gone
 * already is success. Without a domain of its own only what no other domain has is taken away.
 * @throws ActuatorRefusal NotOwned
 */
export async function removeMachine(
  libvirt: Libvirt,
  machine: MachineObject,
  { pool, network }: Pick<MachineHost, "pool" | "network">,
): Promise<void> {
  const { uid, name } = machine.metadata;
  const domain = await domainFacts(libvirt, uid);
  if (domain !== undefined && domain.machine?.uid !== uid)
    throw refusal("NotOwned", `the domain ${domain.name} with the UUID ${uid} does not say that it is of Machine ${name}, so it is left alone`);
  if (domain !== undefined) await powerOff(libvirt, uid);
  const networks = new Set([
    network.kind === "network" ? network.name : undefined,
    domain?.network?.kind === "network" ? domain.network.name : undefined,
  ]);
  for (const each of networks) if (each !== undefined) await release(libvirt, each, uid);
  const pools = new Set([pool, ...(domain?.diskPath === undefined ? [] : await poolOf(libvirt, domain.diskPath))]);
  for (const each of pools) {
    try {
      if (await isNobodyElses(libvirt, each, name, uid)) await removeVolumes(libvirt, each, name);
    } catch (error) {
      const reason = withReason(error);
      // A Machine that was refused for its pool must be able to go; what could be in it, destroy finds.
      if (domain !== undefined || !(reason instanceof ActuatorRefusal) || reason.reason !== "PoolInactive") throw reason;
    }
  }
  if (domain !== undefined) await removeDomain(libvirt, uid);
}

/** The pool that a path is a volume of; none where it is gone. */
async function poolOf(libvirt: Libvirt, path: string): Promise<readonly string[]> {
  const name = await libvirt.virshIfExists(["vol-pool", "--vol", path]);
  return name === undefined ? [] : [name.trim()];
}

/** Another domain may have this name, or this disk: the volumes are that one's then. */
async function isNobodyElses(libvirt: Libvirt, pool: string, name: string, uid: string): Promise<boolean> {
  const other = await domainFacts(libvirt, name);
  if (other !== undefined && other.uuid !== uid) return false;
  const disk = await volumeFacts(libvirt, pool, diskName(name));
  return disk === undefined || other !== undefined || !(await pathsInUse(libvirt, uid)).has(disk.path);
}

/** The disk last: where it lies was looked up by it. */
async function removeVolumes(libvirt: Libvirt, pool: string, name: string): Promise<void> {
  await removeFiles(libvirt, pool, name);
  await deleteVolume(libvirt, pool, diskName(name));
}

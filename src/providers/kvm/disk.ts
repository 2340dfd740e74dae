import { isTaken, type Libvirt } from "./libvirt.ts";
import { createVolume, deleteVolume, pathsInUse, volumeFacts, type VolumeFacts } from "./storage.ts";

export const GIB = 2 ** 30;

const INSTALLATION_GB = 8;

/** GiB that a machine writes to its disk at first: an installation. Overlays grow from nothing. */
export const firstGB = (sizeGB: number): number => Math.min(sizeGB, INSTALLATION_GB);

/** A machine's disk: a qcow2 overlay of an image in the pool. */
export interface Disk {
  readonly name: string;
  readonly pool: string;
  /** Path of the image in the pool. */
  readonly basePath: string;
  readonly sizeGB: number;
}

/** Makes the disk, or nothing. Undefined: there is a volume of this name. Trying costs less than asking first. */
export async function createDisk(libvirt: Libvirt, disk: Disk): Promise<VolumeFacts | undefined> {
  const { name, pool, basePath } = disk;
  try {
    return await createVolume(libvirt, pool, { name, format: "qcow2", capacity: bytesOf(disk), backingPath: basePath });
  } catch (error) {
    if (isTaken(error)) return undefined;
    await deleteVolume(libvirt.withoutSignal(), pool, name);
    throw error;
  }
}

/**
 * The volume of this name: an interrupted run's is created again; a disk that a domain has is that machine's life, also when our state has lost it.
 * @param maker UUID of the domain that the disk is made for, which has it already: an empty overlay as wanted then stays too
 * @returns undefined if it has vanished meanwhile
 */
export async function takeOverDisk(libvirt: Libvirt, disk: Disk, maker?: string): Promise<VolumeFacts | undefined> {
  const existing = await volumeFacts(libvirt, disk.pool, disk.name);
  if (existing?.backingPath === disk.basePath) {
    if (maker !== undefined && existing.capacity === bytesOf(disk)) return existing;
    if ((await pathsInUse(libvirt, maker)).has(existing.path)) return existing;
  }
  await deleteVolume(libvirt, disk.pool, disk.name);
  return (await createDisk(libvirt, disk)) ?? (await volumeFacts(libvirt, disk.pool, disk.name));
}

const bytesOf = ({ sizeGB }: Disk): number => Math.round(sizeGB * GIB);

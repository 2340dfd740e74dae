import { dirname, join } from "node:path";
import { isTaken, type Libvirt } from "./libvirt.ts";
import { consoleLogName, ignitionName, isAttachmentOfMachine } from "./names.ts";
import { creationWith, deleteVolume, refreshPool, volumeNames } from "./storage.ts";

export interface MachineFiles {
  readonly pool: string;
  readonly name: string;
  /** Secret. */
  readonly ignition?: string | undefined;
}

/** Where a machine's console log and Ignition lie: beside its disk. */
export function filePaths(
  diskPath: string,
  { name, ignition }: Omit<MachineFiles, "pool">,
): {
  readonly consoleLogPath: string;
  readonly ignitionPath: string | undefined;
} {
  const folder = dirname(diskPath);
  return { consoleLogPath: join(folder, consoleLogName(name)), ignitionPath: ignition === undefined ? undefined : join(folder, ignitionName(name)) };
}

/** Makes the volumes of console log and Ignition; what an interrupted run has left of them is created again. */
export async function createFiles(libvirt: Libvirt, { pool, name, ignition }: MachineFiles): Promise<void> {
  const files = [[consoleLogName(name), ""] as const, ...(ignition === undefined ? [] : [[ignitionName(name), ignition] as const])];
  const commands = files.flatMap(([file, content]) => creationWith(pool, file, content));
  try {
    await libvirt.virshAll(commands);
  } catch (error) {
    if (!isTaken(error)) throw error;
    for (const [file] of files) await deleteVolume(libvirt, pool, file);
    await libvirt.virshAll(commands);
  }
}

/** Ignition and console logs, also those that virtlogd has rotated, which libvirt sees only after a refresh. */
export async function removeFiles(libvirt: Libvirt, pool: string, name: string): Promise<void> {
  await refreshPool(libvirt, pool);
  for (const found of await volumeNames(libvirt, pool)) if (isAttachmentOfMachine(found, name)) await deleteVolume(libvirt, pool, found);
}

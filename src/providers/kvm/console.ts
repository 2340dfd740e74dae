import { readFile } from "node:fs/promises";
import type { PlatformAccess, PlatformMetadata } from "../platform.ts";
import { isNotFound, Libvirt } from "./libvirt.ts";
import { parseMetadata } from "./metadata.ts";
import { consoleLogName } from "./names.ts";

/** The end of a console log is enough to see what a machine does, and keeps memory bounded. */
const LONGEST = 4 * 2 ** 20;

/**
 * The text of a machine's serial console since its first power-on, at most the last 4 MiB, or undefined if there is none.
 * Read through libvirt, as the log lies on its host.
 */
export async function consoleText(libvirt: Libvirt, pool: string, machine: string): Promise<string | undefined> {
  try {
    return await libvirt.withScratchFile(["vol-download", "--pool", pool, "--vol", consoleLogName(machine), "--file"], async (path) => {
      const bytes = await readFile(path);
      return bytes.subarray(Math.max(0, bytes.length - LONGEST)).toString("utf8");
    });
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** `consoleText` for who has only the metadata. */
export async function readKvmConsole(machine: string, metadata: PlatformMetadata, access: PlatformAccess): Promise<string | undefined> {
  const { uri, pool } = parseMetadata(metadata);
  return await consoleText(new Libvirt(uri, access), pool, machine);
}

import { existsSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "../../setup/paths.ts";

/**
 * Path of a program or folder that set-up has put into the cache, or of the folder in VIRT_IPI_BIN.
 * @param part of set-up that brings it, where that is none of every run @throws Error where it is missing
 */
export function supplied(name: string, part?: string): string {
  const path = join(process.env["VIRT_IPI_BIN"] ?? join(cacheFolder(), "bin"), name);
  const command = ["npm run setup:tests", ...(part === undefined ? [] : [`-- --only ${part}`])].join(" ");
  if (!existsSync(path)) throw new Error(`${path} is missing: run \`${command}\`, or set VIRT_IPI_BIN`);
  return path;
}

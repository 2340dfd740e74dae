import { randomBytes } from "node:crypto";
import { chmod, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { unwritable } from "./file-error.ts";

export const SECRET_FILE_MODE = 0o600;
export const SECRET_DIRECTORY_MODE = 0o700;

/**
 * Writes a whole file or nothing: to a temporary name beside it, synced, then renamed.
 * @param mode permission bits of the file; 0600 by default, since most of our files hold secrets
 * @throws InstallerError FILE_UNWRITABLE, DISK_FULL
 */
export async function writeFileAtomic(path: string, content: string | Uint8Array, mode = SECRET_FILE_MODE): Promise<void> {
  const temporary = `${path}.${randomBytes(4).toString("hex")}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: SECRET_DIRECTORY_MODE });
    const file = await open(temporary, "wx", mode);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await chmod(temporary, mode);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw unwritable(path, error);
  }
}

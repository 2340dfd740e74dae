import { randomBytes } from "node:crypto";
import { chmod, mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { InstallerError } from "../errors/index.ts";

export const SECRET_FILE_MODE = 0o600;
export const SECRET_DIRECTORY_MODE = 0o700;

/**
 * Writes a whole file or nothing: to a temporary name beside it, synced, then renamed.
 * @param mode permission bits of the file; 0600 unless told, since most of ours hold secrets
 * @throws InstallerError FILE_UNWRITABLE
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
    await rm(temporary, { force: true });
    throw new InstallerError("FILE_UNWRITABLE", `cannot write ${path}`, { value: path, cause: error });
  }
}

/** The file's text, or undefined if there is none. @throws InstallerError FILE_UNREADABLE */
export async function readTextIfExists(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new InstallerError("FILE_UNREADABLE", `cannot read ${path}`, { value: path, cause: error });
  }
}

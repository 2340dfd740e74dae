import { copyFile, link, mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join, relative } from "node:path";

/** Every regular file below a folder (or the file itself), sorted, relative to `root`. A path that is not there has none. */
export async function filesBelow(root: string, path: string): Promise<string[]> {
  const full = join(root, path);
  const found = await stat(full).catch(() => undefined);
  if (found === undefined) return [];
  if (found.isFile()) return [path];
  const entries = await readdir(full, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}

/** Makes `to` the same file as `from`: a hard link, or a copy where the file system cannot. Replaces what was there in one step. */
export async function linkOrCopy(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  const temporary = `${to}.${process.pid}.tmp`;
  await rm(temporary, { force: true });
  try {
    await link(from, temporary);
  } catch {
    await copyFile(from, temporary);
  }
  // rename() does nothing when both names are the same file already, and then leaves the temporary name behind.
  await rename(temporary, to);
  await rm(temporary, { force: true });
}

/** True if both paths lead to the same file. */
export async function sameFile(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([stat(one).catch(() => undefined), stat(other).catch(() => undefined)]);
  return a !== undefined && b !== undefined && a.ino === b.ino && a.dev === b.dev;
}

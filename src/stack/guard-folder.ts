import type { Stats } from "node:fs";
import { chmod, lstat, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { InstallerError } from "../errors/index.ts";
import { inQuotes, type Environment } from "../util/index.ts";
import type { ClusterFolder } from "./cluster-folder.ts";

/** Who runs, and who called `sudo` for it. */
interface Caller {
  readonly uid: number;
  readonly sudo?: number;
}

const OTHERS_WRITE = 0o022;
const OTHERS = 0o077;
const STICKY = 0o1000;
const FOLDERS = [".virt-ipi", "auth", "manifests", "openshift"];
/** Files directly in the folder that hold secrets. */
const isSecretFile = (name: string): boolean => name === "metadata.json" || name.endsWith(".ign");

/** Who runs this process. */
export function callerOf(env: Environment): Caller {
  const sudo = Number(env["SUDO_UID"] ?? Number.NaN);
  return { uid: process.geteuid?.() ?? 0, ...(Number.isInteger(sudo) ? { sudo } : {}) };
}

/**
 * Refuses a cluster folder in which somebody else could replace what we write, or lead us elsewhere by a link; says nothing to one that is not
 * there. The owner may be who runs, root, and for root the user who called sudo.
 * @throws InstallerError FOLDER_UNSAFE, before anything is written
 */
export async function guardFolder(folder: ClusterFolder, who: Caller): Promise<void> {
  const facts = await stat(folder.root).catch(() => undefined);
  if (facts?.isDirectory() !== true) return;
  checkOwner(folder.root, facts, who);
  checkMode(folder.root, facts);
  for (const path of await written(folder)) {
    const found = await lstat(path).catch(() => undefined);
    if (found === undefined) continue;
    if (found.isSymbolicLink())
      throw unsafe(
        path,
        "is a symbolic link, where virt-ipi writes",
        `Put what it leads to in its place: rm ${inQuotes(path)}, then move or copy it there.`,
      );
    checkOwner(path, found, who);
  }
}

/**
 * Takes the rights of others away from what holds secrets, where an earlier run, a copy or an open umask has given them.
 * @throws InstallerError FILE_UNWRITABLE
 */
export async function closeFolder(folder: ClusterFolder): Promise<void> {
  for (const path of await written(folder)) {
    const found = await lstat(path).catch(() => undefined);
    if (found === undefined || found.isSymbolicLink() || (found.mode & OTHERS) === 0) continue;
    await chmod(path, found.mode & 0o700).catch((error: unknown) => {
      throw new InstallerError("FILE_UNWRITABLE", `cannot take the rights of others from ${path}`, { value: path, cause: error });
    });
  }
}

/** Our folders, what is in those with secrets, and the secret files beside them. */
async function written({ root, own }: ClusterFolder): Promise<readonly string[]> {
  const inside = async (path: string): Promise<readonly string[]> => {
    const found = await lstat(path).catch(() => undefined);
    return found?.isDirectory() === true ? (await readdir(path)).map((name) => join(path, name)) : [];
  };
  const files = (await readdir(root)).filter(isSecretFile).map((name) => join(root, name));
  return [...FOLDERS.map((name) => join(root, name)), ...files, ...(await inside(own)), ...(await inside(join(root, "auth")))];
}

function checkOwner(path: string, { uid }: Stats, who: Caller): void {
  if (uid === who.uid || uid === 0 || (who.uid === 0 && uid === who.sudo)) return;
  throw unsafe(
    path,
    `belongs to user ${uid}, who can replace the files in it while user ${who.uid} works there`,
    `Run as its owner, or change its owner: chown -R ${who.uid} ${inQuotes(path)}`,
  );
}

/** A sticky folder lets others make files, but not replace ours; theirs are seen by their owner. */
function checkMode(path: string, { mode }: Stats): void {
  if ((mode & OTHERS_WRITE) === 0 || (mode & STICKY) !== 0) return;
  throw unsafe(path, `can be written by others (mode ${(mode & 0o7777).toString(8).padStart(4, "0")})`, `Run: chmod go-w ${inQuotes(path)}`);
}

const unsafe = (path: string, why: string, advice: string): InstallerError =>
  new InstallerError("FOLDER_UNSAFE", `${path} ${why}`, { value: path, advice });

import { chmod, lstat, mkdir, rm } from "node:fs/promises";
import type { Server } from "node:http";
import { dirname, isAbsolute } from "node:path";
import { InstallerError } from "../../errors/index.ts";
import { SECRET_DIRECTORY_MODE, SECRET_FILE_MODE, takeLock, type HeldLock } from "../../util/index.ts";

/** sockaddr_un has 108 bytes, the last of them zero. Source: unix(7) */
const LONGEST_PATH = 107;

/** A socket file that is ours until `release`. */
export interface HeldSocket {
  /** Aborted as soon as somebody else takes the socket over. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

/**
 * Has a server listen on a unix socket that only this user can reach: the file has mode 0600, and lies in a folder of mode 0700, which is made. Node
 * shows no peer's user, so it is these modes that keep others out. What a killed server left there is replaced; a server that runs is not.
 * @throws InstallerError ACTUATOR_SOCKET
 */
export async function listenOn(server: Server, path: string): Promise<HeldSocket> {
  if (!isAbsolute(path)) throw refused(path, "is not an absolute path");
  if (Buffer.byteLength(path) > LONGEST_PATH)
    throw refused(path, `has ${Buffer.byteLength(path)} bytes; a socket's path has at most ${LONGEST_PATH}`);
  await ownFolder(dirname(path));
  const lock = await takeLock(`${path}.lock`, "actuator");
  if (!("release" in lock)) throw refused(path, `is served by process ${lock.owner.pid} on ${lock.owner.hostname}`);
  try {
    await replace(path);
    await listen(server, path);
    await chmod(path, SECRET_FILE_MODE);
    return { lost: lock.lost, release: async () => await release(path, lock) };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function ownFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: SECRET_DIRECTORY_MODE });
  const facts = await lstat(folder);
  if (!facts.isDirectory()) throw refused(folder, "is not a folder");
  if (facts.uid !== process.geteuid?.()) throw refused(folder, "is a folder of another user");
  if ((facts.mode & 0o077) !== 0) throw refused(folder, `has mode ${(facts.mode & 0o777).toString(8)}, so that others can reach what is in it`);
}

/** Only a socket is taken away: never a file that somebody put there. */
async function replace(path: string): Promise<void> {
  const facts = await lstat(path).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return undefined;
  });
  if (facts === undefined) return;
  if (!facts.isSocket()) throw refused(path, "is there already and is no socket");
  await rm(path);
}

async function listen(server: Server, path: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(refused(path, "cannot be listened on", error)));
    server.listen(path, resolve);
  });
}

async function release(path: string, lock: HeldLock): Promise<void> {
  // Of one that was taken over, the file is the other's.
  if (!lock.lost.aborted) await rm(path, { force: true });
  await lock.release();
}

const refused = (path: string, why: string, cause?: unknown): InstallerError =>
  new InstallerError("ACTUATOR_SOCKET", `the actuator's socket ${path} ${why}`, { value: path, cause });

import { randomBytes } from "node:crypto";
import { constants, link, lstat, mkdir, open, readdir, rm, unlink, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { InstallerError } from "../errors/index.ts";
import { unwritable } from "./file-error.ts";
import { lifeOf, thisOwner, type LockOwner } from "./lock-owner.ts";

/** A lock that is ours until `release`. */
export interface HeldLock {
  /** Aborted with CLUSTER_LOCKED as soon as somebody has taken the lock away or changed it. */
  readonly lost: AbortSignal;
  /** What was in the way and could not be read; undefined where all was well. */
  readonly damaged: string | undefined;
  release(): Promise<void>;
}

/** A lock of somebody else's. */
export interface ForeignLock {
  readonly owner: LockOwner;
  readonly life: "alive" | "stopped" | "elsewhere";
}

const LOOK_MS = 500;
const LARGEST = 65_536;
/** The text of a lock begins with its state, which is changed in place: that needs no room on a full disk, and reaches no file but our own. */
const HELD = '{"state":"held"';
const FREE = '{"state":"free"';

/**
 * Takes the lock that is the folder `path`, or says who holds it. Its files are numbered, and the highest number holds. Whoever finds that
 * one free, or its process gone, links the next number, which only one can. Older files go in their order, and the one before the newest
 * stays: while the file that was read is still there, no later number has come and gone, so the link was the first of its number.
 * @throws InstallerError FILE_UNWRITABLE, DISK_FULL
 */
export async function takeLock(path: string, purpose: string): Promise<HeldLock | ForeignLock> {
  try {
    return await take(path, await thisOwner(purpose));
  } catch (error) {
    throw unwritable((error as NodeJS.ErrnoException).path ?? path, error);
  }
}

/** Who holds the lock that is the folder `path`, without taking or changing anything. */
export async function lockHolder(path: string): Promise<ForeignLock | undefined> {
  const number = numbersIn((await readdir(path).catch(absent)) ?? []).at(-1);
  const owner = number === undefined ? undefined : (await look(path, number))?.owner;
  if (owner === undefined) return undefined;
  const life = await lifeOf(owner, await thisOwner(""));
  return life === "gone" ? undefined : { owner, life };
}

async function take(path: string, me: LockOwner): Promise<HeldLock | ForeignLock> {
  const token = newToken();
  const text = `${HELD},${JSON.stringify({ token, ...me }).slice(1)}\n`;
  const notFolder = await makeFolder(path);
  for (;;) {
    const top = await newest(path);
    if (top.owner !== undefined) {
      const life = await lifeOf(top.owner, me);
      if (life !== "gone") return { owner: top.owner, life };
    }
    const number = top.number + 1;
    const file = await linked(path, number, text);
    if (file === undefined) continue;
    if ((await look(path, top.number))?.mark === top.mark && (await newest(path)).number === number) {
      for (const old of top.older) await rm(join(path, String(old)), { recursive: true, force: true });
      return hold(path, number, text, file, notFolder ? path : top.damaged ? join(path, String(top.number)) : undefined);
    }
    await unlink(join(path, String(number))).catch(absent);
    await file.close();
  }
}

const newToken = (): string => randomBytes(12).toString("hex");

/** @returns whether something else was in the folder's place */
async function makeFolder(path: string): Promise<boolean> {
  let replaced = false;
  for (;;) {
    await mkdir(path, { mode: 0o700 }).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    });
    const facts = await lstat(path).catch(absent);
    if (facts?.isDirectory() === true) return replaced;
    // Not one of our locks; a folder that another one has made meanwhile cannot be unlinked.
    if (facts !== undefined)
      await unlink(path).catch((error: unknown) => {
        if (!["ENOENT", "EISDIR", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
      });
    replaced = true;
  }
}

/** A whole file of that number, or nothing if there is one. @returns the open file */
async function linked(path: string, number: number, text: string): Promise<FileHandle | undefined> {
  const temporary = join(path, `${newToken()}.tmp`);
  const file = await open(temporary, "wx", 0o600);
  try {
    await file.writeFile(text);
    await link(temporary, join(path, String(number)));
    return file;
  } catch (error) {
    await file.close();
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return undefined;
    throw error;
  } finally {
    await unlink(temporary).catch(() => undefined);
  }
}

interface Entry {
  /** Distinguishes this file from any other that has had its number. */
  readonly mark: string;
  /** Undefined: it is free, or nobody can be made out. */
  readonly owner: LockOwner | undefined;
  readonly damaged: boolean;
}

/** The file that counts, and the numbers before it in their order. In an empty folder one that is free is made first. */
async function newest(path: string): Promise<Entry & { readonly number: number; readonly older: readonly number[] }> {
  for (;;) {
    const numbers = numbersIn(await readdir(path));
    const number = numbers.at(-1);
    if (number === undefined) {
      await (await linked(path, 0, `${FREE},"token":"${newToken()}"}\n`))?.close();
      continue;
    }
    const entry = await look(path, number);
    if (entry !== undefined) return { ...entry, number, older: numbers.slice(0, -1) };
  }
}

const numbersIn = (names: readonly string[]): readonly number[] =>
  names
    .filter((name) => /^\d{1,15}$/.test(name))
    .map(Number)
    .toSorted((a, b) => a - b);

async function look(path: string, number: number): Promise<Entry | undefined> {
  const full = join(path, String(number));
  const facts = await lstat(full).catch(absent);
  if (facts === undefined) return undefined;
  if (!facts.isFile() || facts.size > LARGEST) return { mark: `${facts.ino}`, owner: undefined, damaged: true };
  const text = await readLock(full);
  if (text === undefined) return undefined;
  try {
    const { state, token, ...owner } = JSON.parse(text) as LockOwner & { state?: unknown; token?: unknown };
    const free = state !== "held";
    const damaged = typeof token !== "string" || (!free && !(Number.isSafeInteger(owner.pid) && typeof owner.hostname === "string"));
    return { mark: `${facts.ino} ${String(token)}`, owner: free || damaged ? undefined : owner, damaged };
  } catch {
    return { mark: `${facts.ino}`, owner: undefined, damaged: true };
  }
}

async function readLock(path: string): Promise<string | undefined> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(absent);
  try {
    return await file?.readFile("utf8");
  } finally {
    await file?.close();
  }
}

function absent(error: unknown): undefined {
  if (!["ENOENT", "ENOTDIR", "ELOOP"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  return undefined;
}

function hold(path: string, number: number, text: string, file: FileHandle, damaged: string | undefined): HeldLock {
  const lost = new AbortController();
  let released = false;
  const watch = async (): Promise<void> => {
    const [mine, next] = await Promise.all([readLock(join(path, String(number))), lstat(join(path, String(number + 1))).catch(absent)]);
    if (released || (mine === text && next === undefined)) return;
    const what = mine === undefined ? "was removed" : next === undefined ? "was changed" : "was taken over by another run";
    lost.abort(
      new InstallerError("CLUSTER_LOCKED", `the lock of this run ${what}, so it stops`, {
        value: path,
        advice: "Look for another run in this folder; if there is none, run again.",
      }),
    );
  };
  // A file system that does not answer for a while takes nothing away.
  const timer = setInterval(() => void watch().catch(() => undefined), LOOK_MS);
  timer.unref();
  return {
    lost: lost.signal,
    damaged,
    release: async () => {
      released = true;
      clearInterval(timer);
      await file.write(FREE, 0).catch(() => undefined);
      await file.close();
    },
  };
}

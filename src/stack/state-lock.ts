import { readdir, readFile, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { InstallerError } from "../errors/index.ts";
import { isRecord, poll, statOf } from "../util/index.ts";
import { readJsonIfExists } from "./json-file.ts";
import { environmentOf, isOfCluster, isPulumi, sendSignal } from "./processes.ts";

/** A lock file of Pulumi's file backend. Source: pulumi pkg/backend/diy/lock.go, by description. */
export interface StateLock {
  readonly path: string;
  readonly pid: number;
  readonly hostname: string;
  /** It cannot be read, and so has no owner that could live: one that writes its lock holds it complete. */
  readonly damaged: boolean;
}

export interface FreeLocksOptions {
  /** PULUMI_BACKEND_URL; only `file://` has locks that we can judge. */
  readonly backend: string | undefined;
  readonly stack: string;
  /** The cluster folder: an orphan of another one's is not ended. */
  readonly root: string;
  readonly signal: AbortSignal;
  readonly onWait: (reason: string, elapsedMs: number) => void;
  /** How long an orphan may take to end its running steps. */
  readonly timeoutMs?: number;
}

const ORPHAN_MS = 10 * 60_000;

/**
 * Frees what a killed run left locked: removes locks whose process is gone, and has a `pulumi` that lost the CLI above it (it goes on
 * with its running steps) end in order first.
 * @throws InstallerError STATE_LOCKED when the lock belongs to a living run of somebody else
 */
export async function freeStaleLocks(options: FreeLocksOptions): Promise<number> {
  let freed = 0;
  for (const lock of await readLocks(options.backend, options.stack)) {
    if (lock.damaged) {
      await rm(lock.path, { recursive: true, force: true });
      freed++;
      continue;
    }
    if (lock.hostname !== "" && lock.hostname !== hostname()) throw locked(lock, `on ${lock.hostname}`);
    if (await isPulumi(lock.pid)) {
      if (!(await isOrphan(lock.pid, options.root))) throw locked(lock, "on this machine");
      await endOrphan(lock, options);
    }
    await rm(lock.path, { force: true });
    freed++;
  }
  return freed;
}

/** Where a `file://` backend keeps its files; undefined for others, and for a folder that only Pulumi knows. */
export function folderOf(backend: string | undefined): string | undefined {
  if (backend?.startsWith("file://") !== true || backend.startsWith("file://~")) return undefined;
  return join(fileURLToPath(backend), ".pulumi");
}

/** The locks on one stack; none for other backends than `file://`. */
export async function readLocks(backend: string | undefined, stack: string): Promise<readonly StateLock[]> {
  const top = folderOf(backend);
  if (top === undefined) return [];
  const files = await readdir(join(top, "locks"), { recursive: true, withFileTypes: true }).catch(() => []);
  const locks: StateLock[] = [];
  for (const file of files) {
    const path = join(file.parentPath, file.name);
    if (!path.endsWith(".json") || !path.includes(`/${stack}/`)) continue;
    const content = await readJsonIfExists(path, isRecord).catch(() => ({}));
    if (content === undefined) continue;
    const { pid, hostname: host } = content as Readonly<Record<string, unknown>>;
    const damaged = typeof pid !== "number";
    locks.push({ path, pid: damaged ? 0 : pid, hostname: typeof host === "string" ? host : "", damaged });
  }
  return locks;
}

async function endOrphan(lock: StateLock, options: FreeLocksOptions): Promise<void> {
  // As Ctrl-C would: the provider undoes or finishes what it is at, and the state is written.
  sendSignal(lock.pid, "SIGINT");
  // One that is stopped would never see it.
  sendSignal(lock.pid, "SIGCONT");
  const result = await poll(
    async () =>
      (await isPulumi(lock.pid))
        ? { done: false as const, reason: `the pulumi of a killed run (process ${lock.pid}) ends its running steps` }
        : { done: true as const, value: undefined },
    { intervalMs: 250, timeoutMs: options.timeoutMs ?? ORPHAN_MS, signal: options.signal, onWait: options.onWait },
  );
  if (result.outcome === "timeout") throw locked(lock, "on this machine, and does not end");
}

const locked = (lock: StateLock, where: string): InstallerError =>
  new InstallerError("STATE_LOCKED", `process ${lock.pid} ${where} works on the state`, { value: lock.path });

/** Started by an installer for this folder (Automation API) that is no longer its parent. The user's plain `pulumi up` is never one. */
async function isOrphan(pid: number, root: string): Promise<boolean> {
  if (!(await isOfCluster(await environmentOf(pid), root))) return false;
  const parent = (await statOf(pid))?.parent ?? 1;
  const parentCommand = await readFile(`/proc/${parent}/cmdline`, "utf8").catch(() => "");
  return parent === 1 || (!parentCommand.includes("virt-ipi") && !/node/.test(parentCommand));
}

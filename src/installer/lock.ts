import { mkdir, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import lockfile from "proper-lockfile";
import { InstallerError, messageOf } from "../errors/index.ts";
import type { ClusterFolder } from "../stack/index.ts";
import { SECRET_DIRECTORY_MODE, readTextIfExists, writeFileAtomic } from "../util/index.ts";

const STALE_MS = 10_000;

interface Owner {
  readonly pid: number;
  readonly hostname: string;
  readonly command: string;
}

/**
 * Runs `work` while no other run works in the cluster folder. The lock of a killed run on this machine is taken over at once,
 * one on another machine after ten seconds without a sign of life.
 * @throws InstallerError CLUSTER_LOCKED, whatever `work` throws
 */
export async function withClusterLock<T>(folder: ClusterFolder, command: string, work: () => Promise<T>): Promise<T> {
  if ((await stat(folder.root).catch(() => undefined))?.isDirectory() !== true)
    throw new InstallerError("CONFIG_MISSING", `there is no folder ${folder.root}`, { value: folder.root });
  await mkdir(folder.own, { recursive: true, mode: SECRET_DIRECTORY_MODE });
  const ownerFile = join(folder.own, "lock-owner.json");
  const owner = await readOwner(ownerFile);
  if (owner?.hostname === hostname() && !lives(owner.pid)) await rm(folder.lock, { recursive: true, force: true });
  let lost: Error | undefined;
  const release = await lockfile
    .lock(folder.own, { lockfilePath: folder.lock, stale: STALE_MS, update: 2_000, retries: 0, onCompromised: (error) => (lost = error) })
    .catch((error: unknown) => {
      const who = owner === undefined ? [] : [`process ${owner.pid} on ${owner.hostname} runs "${owner.command}"`];
      throw new InstallerError("CLUSTER_LOCKED", `another virt-ipi works in ${folder.root}`, { value: folder.root, details: who, cause: error });
    });
  try {
    await writeFileAtomic(ownerFile, JSON.stringify({ pid: process.pid, hostname: hostname(), command } satisfies Owner));
    const result = await work();
    if (lost !== undefined) throw new InstallerError("CLUSTER_LOCKED", `the lock was lost while working: ${messageOf(lost)}`, { value: folder.lock });
    return result;
  } finally {
    await rm(ownerFile, { force: true });
    await release().catch(() => undefined);
  }
}

async function readOwner(path: string): Promise<Owner | undefined> {
  try {
    return JSON.parse((await readTextIfExists(path)) ?? "null") as Owner | undefined;
  } catch {
    return undefined;
  }
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

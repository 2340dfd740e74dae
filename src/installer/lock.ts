import { mkdir, stat } from "node:fs/promises";
import { InstallerError } from "../errors/index.ts";
import { type ForeignLock, SECRET_DIRECTORY_MODE, takeLock } from "../util/index.ts";
import type { World } from "./context.ts";

/**
 * Runs `work` while no other run works in the cluster folder. The lock of a run that is gone is taken over at once.
 * @param work is given the world with a signal that is also aborted when the lock is lost
 * @throws InstallerError CLUSTER_LOCKED, whatever `work` throws
 */
export async function withClusterLock<W extends Pick<World, "folder" | "signal" | "reporter">, T>(
  world: W,
  command: string,
  work: (world: W) => Promise<T>,
): Promise<T> {
  const { folder, reporter, signal } = world;
  if ((await stat(folder.root).catch(() => undefined))?.isDirectory() !== true)
    throw new InstallerError("CONFIG_MISSING", `there is no folder ${folder.root}`, { value: folder.root });
  await mkdir(folder.own, { recursive: true, mode: SECRET_DIRECTORY_MODE });
  const lock = await takeLock(folder.lock, command);
  if ("owner" in lock) throw locked(folder.root, folder.lock, lock);
  try {
    if (lock.damaged !== undefined)
      reporter.emit({ type: "log", level: "warning", message: `the lock ${lock.damaged} could not be read, and was taken over` });
    const result = await work({ ...world, signal: AbortSignal.any([signal, lock.lost]) });
    lock.lost.throwIfAborted();
    return result;
  } catch (error) {
    // Whatever fails after the lock was lost fails for it.
    lock.lost.throwIfAborted();
    throw error;
  } finally {
    await lock.release();
  }
}

function locked(root: string, path: string, { owner, life }: ForeignLock): InstallerError {
  const { pid, hostname, purpose, since } = owner;
  return new InstallerError("CLUSTER_LOCKED", `another virt-ipi is running in ${root}`, {
    value: root,
    details: [
      `process ${pid} on ${hostname} runs "${purpose}" since ${since}`,
      ...(life === "stopped" ? [`it is stopped, and lives: \`kill -CONT ${pid}\` lets it continue`] : []),
    ],
    ...(life === "elsewhere"
      ? { advice: `Wait for it to end. If it is gone from ${hostname}, remove ${path}: a run that still lives sees that and stops.` }
      : {}),
  });
}

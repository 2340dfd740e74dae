import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { systemClock, takeLock, type Clock } from "../src/util/index.ts";

/**
 * Runs `work` while no other set-up on this machine works in the same cache. A second one waits and says so.
 * @param onLost called if somebody took the lock away
 */
export async function withSetupLock<T>(
  cacheDir: string,
  options: {
    readonly log: (line: string) => void;
    readonly signal: AbortSignal;
    readonly onLost: (error: Error) => void;
    readonly clock?: Clock;
  },
  work: () => Promise<T>,
): Promise<T> {
  const clock = options.clock ?? systemClock;
  await mkdir(cacheDir, { recursive: true });
  let announced = false;
  for (;;) {
    options.signal.throwIfAborted();
    const lock = await takeLock(join(cacheDir, "setup.lock"), "set-up");
    if ("owner" in lock) {
      const { pid, hostname, since } = lock.owner;
      const who = `process ${pid}, since ${since}${lock.life === "elsewhere" ? `, on ${hostname}` : lock.life === "stopped" ? ", stopped" : ""}`;
      if (!announced) options.log(`waiting for another set-up (${who}) to end`);
      announced = true;
      await clock.sleep(500, options.signal);
      continue;
    }
    try {
      if (announced) options.log("the other set-up has ended");
      lock.lost.addEventListener("abort", () => options.onLost(lock.lost.reason as Error));
      return await work();
    } finally {
      await lock.release();
    }
  }
}

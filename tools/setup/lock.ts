import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { lock } from "proper-lockfile";
import { readTextIfExists, systemClock, writeFileAtomic, type Clock } from "../../src/util/index.ts";

/** A holder that has not touched its lock for this long is gone. */
const STALE_MS = 20_000;

/**
 * Runs `work` while no other set-up on this machine works in the same cache. A second one waits and says so.
 * @param onLost called if another process took the lock away (this one was stopped for longer than the limit)
 */
export async function withSetupLock<T>(
  cacheDir: string,
  options: {
    readonly log: (line: string) => void;
    readonly signal: AbortSignal;
    readonly onLost: (error: Error) => void;
    readonly clock?: Clock;
    readonly staleMs?: number;
  },
  work: () => Promise<T>,
): Promise<T> {
  const clock = options.clock ?? systemClock;
  const stale = options.staleMs ?? STALE_MS;
  await mkdir(cacheDir, { recursive: true });
  const holder = join(cacheDir, "setup.holder");
  let told = false;
  let release: (() => Promise<void>) | undefined;
  while (release === undefined) {
    options.signal.throwIfAborted();
    try {
      release = await lock(cacheDir, {
        lockfilePath: join(cacheDir, "setup.lock"),
        stale,
        update: stale / 4,
        onCompromised: options.onLost,
      });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw error;
      if (!told) options.log(`waiting for another set-up (${(await readTextIfExists(holder))?.trim() ?? "unknown process"}) to end`);
      told = true;
      await clock.sleep(500, options.signal);
    }
  }
  try {
    if (told) options.log("the other set-up has ended");
    await writeFileAtomic(holder, `process ${process.pid}, since ${clock.now().toISOString()}\n`, 0o644);
    return await work();
  } finally {
    await rm(holder, { force: true });
    await release().catch(() => undefined);
  }
}

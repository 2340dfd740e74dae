import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { takeLock } from "../../src/util/index.ts";

/** A process that takes locks when it is told to. `once` tells whether it got the lock, and keeps it; `often` counts how often it had it, and how often not alone. */
type Order = { readonly path: string; readonly how: "once" } | { readonly path: string; readonly how: "often"; readonly times: number };

process.on("message", (order: Order) => {
  void (order.how === "once" ? once(order.path) : often(order.path, order.times)).then((answer) => process.send?.(answer));
});
process.send?.("ready");

async function once(path: string): Promise<unknown> {
  const lock = await takeLock(path, "test");
  return { held: "release" in lock };
}

async function often(path: string, times: number): Promise<unknown> {
  let had = 0;
  let disturbed = 0;
  while (had < times) {
    const lock = await takeLock(path, "test");
    if ("owner" in lock) {
      await delay(1);
      continue;
    }
    const inside = join(path, "..", "inside");
    await (await open(inside, "wx")).close().catch(() => disturbed++);
    await rm(inside, { force: true });
    if (lock.lost.aborted) disturbed++;
    await lock.release();
    had++;
  }
  return { had, disturbed };
}

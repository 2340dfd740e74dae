import { spawn } from "node:child_process";
import { readdir, rm, truncate } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readLocks } from "../../../src/stack/state-lock.ts";
import { ownBackend } from "../../../src/stack/environment.ts";
import type { OwnedObject } from "../../../src/providers/index.ts";
import { stackBench, Thing, type StackBench } from "../../helpers/stack-bench.ts";

let bench: StackBench;
const started: number[] = [];
beforeEach(async () => {
  bench = await stackBench();
});
afterEach(async () => {
  for (const pid of started.splice(0)) if (isAlive(pid)) process.kill(pid, "SIGKILL");
  await bench.remove();
});

/** Starts a run in another process and kills it, and if asked its pulumi as well, while it makes the slow thing. */
async function killedRun(withPulumi: boolean): Promise<void> {
  const root = resolve(import.meta.dirname, "../../..");
  const child = spawn(process.execPath, [join(root, "test/helpers/stack-victim.ts"), bench.folder.root, bench.things, "3600000"], {
    env: { ...process.env, ...bench.env },
    stdio: "ignore",
  });
  started.push(child.pid ?? 0);
  await until(async () => (await bench.calls()).includes("create slow"));
  const [lock] = await readLocks(ownBackend(bench.folder), "test");
  if (lock === undefined) throw new Error("the run holds no lock");
  started.push(lock.pid);
  child.kill("SIGKILL");
  if (withPulumi) process.kill(lock.pid, "SIGKILL");
  await until(() => Promise.resolve(!isAlive(child.pid ?? 0)));
}

describe("after kill -9", () => {
  it("frees the lock, removes what was half made, and makes the rest", async () => {
    await killedRun(true);
    const scan = async (): Promise<readonly OwnedObject[]> => (await bench.made()).map((name) => ({ kind: "thing", name, id: name }));
    const removed: string[] = [];
    const remove = async (object: OwnedObject): Promise<void> => {
      removed.push(object.name);
      await rm(join(bench.things, `${object.name}.thing`), { force: true });
    };
    const driver = await bench.open({ scan, remove });
    // The provider saw its engine go and undid the slow thing, or had no time to: both happen.
    const before = await bench.made();
    await driver.recover();
    expect(removed).toEqual(before.filter((name) => name === "slow"));
    expect(await bench.made()).toEqual(["quick"]);
    expect(await readLocks(ownBackend(bench.folder), "test")).toEqual([]);
    const { changes } = await driver.up(quickly);
    expect(changes).toMatchObject({ create: 1, same: 2 });
    expect(await bench.made()).toEqual(["quick", "slow"]);
  });

  it("opens a state whose attributes were cut short", async () => {
    const driver = await bench.open();
    await driver.up(quickly);
    const state = fileURLToPath(ownBackend(bench.folder));
    const written = (await readdir(state, { recursive: true })).filter((path) => path.endsWith(".json.attrs"));
    expect(written).toContainEqual(expect.stringMatching(/stacks\/.*test\.json\.attrs$/));
    for (const path of written) await truncate(join(state, path), 0);
    await expect(driver.up(quickly)).rejects.toMatchObject({ id: "STATE_DAMAGED" });
    expect(await driver.recover()).toHaveLength(4);
    expect((await driver.up(quickly)).changes).toEqual({ same: 3 });
  });

  it("has the pulumi that lost its installer end in order first", async () => {
    await killedRun(false);
    const driver = await bench.open();
    await driver.recover();
    expect(await bench.calls()).toContain("undone slow");
    expect((await driver.up(quickly)).changes).toMatchObject({ create: 1, same: 2 });
  });
});

const quickly = () => {
  const quick = new Thing({ name: "quick", folder: bench.things });
  new Thing({ name: "slow", folder: bench.things, milliseconds: 1 }, { dependsOn: [quick] });
  return Promise.resolve({});
};

async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 300_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error("it did not happen within five minutes");
    await delay(100);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

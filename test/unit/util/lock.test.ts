import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { lockHolder, takeLock, type ForeignLock, type HeldLock } from "../../../src/util/index.ts";

const WORKER = resolve(import.meta.dirname, "../../helpers/lock-worker.ts");
const PROCESSES = 8;
const ROUNDS = 25;

let root: string;
let path: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "virt-ipi-lock-"));
  path = join(root, "lock");
});
afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

async function worker(): Promise<ChildProcess> {
  const child = fork(WORKER, { stdio: "inherit" });
  await once(child, "message");
  return child;
}

async function ask<T>(child: ChildProcess, order: object): Promise<T> {
  const answer = once(child, "message");
  child.send(order);
  return ((await answer) as [T])[0];
}

async function end(child: ChildProcess): Promise<void> {
  const exit = once(child, "exit");
  child.kill("SIGKILL");
  await exit;
}

const held = (lock: HeldLock | ForeignLock): HeldLock => {
  if ("owner" in lock) throw new Error("the lock is not available");
  return lock;
};

describe("many processes at once", () => {
  const workers: ChildProcess[] = [];
  beforeAll(async () => {
    workers.push(...(await Promise.all(Array.from({ length: PROCESSES }, worker))));
  });
  afterAll(async () => {
    await Promise.all(workers.map(end));
  });

  it("take over the lock of a killed one: exactly one, each time", async () => {
    const killed = await worker();
    const stale = join(root, "stale");
    expect(await ask(killed, { path: stale, how: "once" })).toEqual({ held: true });
    await end(killed);
    for (let round = 0; round < ROUNDS; round++) {
      const lock = join(root, String(round));
      await cp(stale, lock, { recursive: true });
      const answers = await Promise.all(workers.map((child) => ask<{ held: boolean }>(child, { path: lock, how: "once" })));
      expect(answers.filter((answer) => answer.held)).toHaveLength(1);
    }
  });

  it("have it one after the other, never two, and leave few files", async () => {
    const answers = await Promise.all(workers.map((child) => ask(child, { path, how: "often", times: ROUNDS })));
    expect(answers).toEqual(workers.map(() => ({ had: ROUNDS, disturbed: 0 })));
    expect((await readdir(path)).length).toBeLessThanOrEqual(2);
  });
});

describe("a holder", () => {
  it("that is stopped still holds, however long, and one that was killed does not", async () => {
    const child = await worker();
    try {
      expect(await lockHolder(path)).toBeUndefined();
      expect(await ask(child, { path, how: "once" })).toEqual({ held: true });
      expect(await lockHolder(path)).toMatchObject({ owner: { pid: child.pid, purpose: "test" }, life: "alive" });
      child.kill("SIGSTOP");
      await expect
        .poll(() => takeLock(path, "another"), { timeout: 60_000 })
        .toMatchObject({ owner: { pid: child.pid, purpose: "test" }, life: "stopped" });
    } finally {
      await end(child);
    }
    const files = await readdir(path);
    expect(await lockHolder(path)).toBeUndefined();
    expect(await readdir(path)).toEqual(files);
    await held(await takeLock(path, "another")).release();
    expect(await lockHolder(path)).toBeUndefined();
  });

  it("is told from a later process of its number, from another machine, and from this one before it was started again", async () => {
    const lock = held(await takeLock(path, "first"));
    const name = (await readdir(path)).toSorted().at(-1) ?? "";
    const written = JSON.parse(await readFile(join(path, name), "utf8")) as Record<string, unknown>;
    await lock.release();
    const owners: readonly [Record<string, unknown>, object][] = [
      [{}, { life: "alive" }],
      [{ startTime: "1" }, { damaged: undefined }],
      [{ bootId: "another" }, { damaged: undefined }],
      [{ bootId: "another", hostname: "elsewhere" }, { life: "elsewhere" }],
      [{ pidNamespace: "pid:[1]" }, { life: "elsewhere" }],
    ];
    for (const [index, [change, expected]] of owners.entries()) {
      const place = join(root, `owner-${index}`);
      await mkdir(place);
      await writeFile(join(place, "7"), JSON.stringify({ ...written, ...change }));
      const found = await takeLock(place, "second");
      expect(found, JSON.stringify(change)).toMatchObject(expected);
      if ("release" in found) await found.release();
    }
  });

  it.each<[string, (path: string, name: string) => Promise<unknown>, RegExp]>([
    ["removed", () => rm(path, { recursive: true }), /was removed/],
    ["changed", (file) => writeFile(file, "{}"), /was changed/],
    ["taken over", (_, name) => writeFile(join(path, String(Number(name) + 1)), "{}"), /was taken over/],
  ])("learns at once that its lock was %s", async (_, disturb, message) => {
    const lock = held(await takeLock(path, "first"));
    const name = (await readdir(path)).toSorted().at(-1) ?? "";
    await disturb(join(path, name), name);
    await expect
      .poll(() => lock.lost.reason as unknown, { timeout: 60_000 })
      .toMatchObject({ id: "CLUSTER_LOCKED", message: expect.stringMatching(message) });
    await lock.release();
  });
});

describe("a lock that is damaged", () => {
  it.each<[string, () => Promise<unknown>]>([
    ["a file", () => writeFile(path, "x")],
    ["a symbolic link that leads nowhere", () => symlink("nowhere", path)],
    ["a symbolic link to a folder", () => symlink(tmpdir(), path)],
    ["a folder with a file of garbage", () => mkdir(path).then(() => writeFile(join(path, "4"), "\0\u0001"))],
    ["a folder with an empty file", () => mkdir(path).then(() => writeFile(join(path, "4"), ""))],
    ["a folder with null", () => mkdir(path).then(() => writeFile(join(path, "4"), "null"))],
    ["a folder with a folder", () => mkdir(join(path, "4"), { recursive: true })],
    ["a folder with a link", () => mkdir(path).then(() => symlink("4", join(path, "4")))],
  ])("is taken over with a word: %s", async (_, damage) => {
    await damage();
    const lock = held(await takeLock(path, "first"));
    expect(lock.damaged).toMatch(/lock/);
    expect(await takeLock(path, "second")).toMatchObject({ owner: { pid: process.pid }, life: "alive" });
    await lock.release();
  });
});

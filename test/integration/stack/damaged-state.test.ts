import { execFileSync } from "node:child_process";
import { appendFileSync, rmSync, writeFileSync } from "node:fs";
import { readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isInstallerError } from "../../../src/errors/index.ts";
import type { OwnedObject } from "../../../src/providers/index.ts";
import { LEAST_ROOM_MIB } from "../../../src/stack/disk-room.ts";
import { DAMAGES } from "../../helpers/damage.ts";
import { shareOf } from "../../helpers/share.ts";
import { stackBench, Thing, type StackBench } from "../../helpers/stack-bench.ts";

let bench: StackBench;
beforeEach(async () => {
  bench = await stackBench();
});
afterEach(async () => {
  await bench.remove();
});

/** Things, each after the one before it. */
const program =
  (...names: readonly string[]) =>
  () => {
    let before: Thing | undefined;
    for (const name of names)
      before = new Thing(
        { name, folder: bench.things, ...(name === "slow" ? { until: filled() } : {}) },
        before === undefined ? {} : { dependsOn: [before] },
      );
    return Promise.resolve({});
  };

/** Is there once the disk is full. */
const filled = (): string => join(bench.things, "filled");
const scan = async (): Promise<readonly OwnedObject[]> => (await bench.made()).map((name) => ({ kind: "thing", name, id: name }));
const removed: string[] = [];
const remove = async ({ name }: OwnedObject): Promise<void> => {
  removed.push(name);
  await rm(join(bench.things, `${name}.thing`), { force: true });
};
const warnings = (): readonly string[] => bench.events.flatMap((event) => (event.type === "log" && event.level === "warning" ? [event.message] : []));
const stateFile = (): string => join(bench.folder.state, ".pulumi/stacks/virt-ipi/test.json");

describe("a disk that is full", () => {
  beforeEach(async () => {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${LEAST_ROOM_MIB + 16}m,mode=700`, "tmpfs", bench.folder.root]);
    removed.length = 0;
  });
  afterEach(() => {
    execFileSync("umount", ["--lazy", bench.folder.root]);
  });

  const fill = (leave = 0): void => {
    const filler = join(bench.folder.root, "filler");
    try {
      for (;;) appendFileSync(filler, Buffer.alloc(16_384));
    } catch {
      if (leave > 0) execFileSync("truncate", ["--size", `-${leave}`, filler]);
    }
  };
  const empty = (): void => rmSync(join(bench.folder.root, "filler"));

  it("stops an update before it begins, and keeps nobody from destroying", async () => {
    const driver = await bench.open();
    await driver.up(program("a"));
    fill(1024 * 1024);
    await expect(driver.up(program("a", "b"))).rejects.toMatchObject({
      id: "DISK_FULL",
      message: expect.stringContaining(`an update needs ${LEAST_ROOM_MIB}`),
      value: bench.folder.own,
    });
    expect(await bench.made()).toEqual(["a"]);
    expect(await driver.destroy()).toBe(true);
  });

  it.each(shareOf([16_384, 0], 0, 2))(
    "while the state is written is named, and the next run with room again goes on (%i bytes left)",
    async (leave) => {
      const driver = await bench.open({ scan, remove });
      await driver.up(program("a"));
      const run = driver.up(program("a", "slow", "b", "c"), ({ urn, status }) => {
        if (!urn.endsWith("::slow") || status !== "started") return;
        fill(leave);
        writeFileSync(filled(), "");
      });
      await expect(run).rejects.toMatchObject({ id: "DISK_FULL", details: [expect.stringMatching(/no space left/)] });
      // What the run began is written down in the room that was kept back.
      expect(await readFile(bench.folder.failedCreates, "utf8")).toContain('"slow"');
      // The worst that such a run leaves: neither the state nor its last copy is whole.
      await truncate(stateFile());
      empty();
      const next = await bench.open({ scan, remove });
      await next.recover();
      expect(warnings()).toContainEqual(expect.stringMatching(/test\.json was empty; .* takes its place/));
      await next.up(program("a", "slow", "b", "c"));
      expect(await bench.made()).toEqual(["a", "b", "c", "slow"]);
      expect((await next.up(program("a", "slow", "b", "c"))).changes).toEqual({ same: 5 });
    },
  );
});

describe("a file of the state", () => {
  it(
    "that is damaged is restored from the newest complete copy with a word, and without one the error has a name",
    { timeout: 600_000 },
    async () => {
      const first = await bench.open();
      await first.up(program("a"));
      await first.up(program("a", "b"));
      const saved = join(dirname(bench.things), `${bench.things.split("/").at(-1) ?? ""}-saved`);
      execFileSync("cp", ["--archive", bench.folder.state, saved]);
      try {
        for (const [damage, inflict] of shareOf(Object.entries(DAMAGES), 0, 2)) {
          if (damage === "unreadable") continue;
          bench.events.length = 0;
          await inflict(stateFile());
          const driver = await bench.open();
          expect(await driver.recover(), damage).toHaveLength(4);
          expect(warnings(), damage).toContainEqual(expect.stringContaining("takes its place"));
          await rm(bench.folder.state, { recursive: true });
          execFileSync("cp", ["--archive", saved, bench.folder.state]);
        }
        expect((await (await bench.open()).up(program("a", "b"))).changes).toEqual({ same: 3 });
        for (const path of (await readdir(bench.folder.state, { recursive: true })).filter(
          (name) => name.includes("/test") && name.endsWith(".json"),
        ))
          await writeFile(join(bench.folder.state, path), "{");
        await truncate(`${stateFile()}.bak`);
        await expect((await bench.open()).recover()).rejects.toMatchObject({ id: "STATE_DAMAGED", value: stateFile() });
      } finally {
        await rm(saved, { recursive: true, force: true });
      }
    },
  );

  it("of any kind ends in an error with a name, or is mended", { timeout: 900_000 }, async () => {
    const first = await bench.open();
    await first.up(program("a"));
    const own = bench.folder.own;
    const saved = `${bench.things}-saved`;
    execFileSync("cp", ["--archive", own, saved]);
    const files = [
      ...(await readdir(bench.folder.state, { recursive: true, withFileTypes: true })),
      ...(await readdir(bench.folder.workspace, { recursive: true, withFileTypes: true })),
    ]
      // Copies are read only where the state itself is damaged: above.
      .filter((entry) => entry.isFile() && !/\/(backups|history)\//.test(entry.parentPath))
      .map((entry) => join(entry.parentPath, entry.name).slice(own.length + 1));
    expect(files).toContain("state/.pulumi/meta.yaml");
    const bad: string[] = [];
    try {
      for (const [index, file] of [...files, "passphrase"].entries())
        for (const damage of shareOf(["garbage", "a folder"], index, 2)) {
          await DAMAGES[damage]?.(join(own, file));
          try {
            const driver = await bench.open();
            await driver.recover();
            expect((await driver.up(program("a"))).changes).toEqual({ same: 2 });
          } catch (error) {
            if (!isInstallerError(error) || error.id === "INTERNAL") bad.push(`${file}, ${damage}: ${String(error).slice(0, 300)}`);
          }
          await rm(own, { recursive: true });
          execFileSync("cp", ["--archive", saved, own]);
        }
      expect(bad).toEqual([]);
    } finally {
      await rm(saved, { recursive: true, force: true });
    }
  });
});

import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { removeLeftovers, withTemporaryFiles } from "../../../../src/providers/kvm/temporary-file.ts";
import { statOf } from "../../../../src/util/index.ts";

describe("files for a program", () => {
  it("are there for this user alone, until it has ended", async () => {
    const folder = await withTemporaryFiles(["a", "b"], async (paths) => {
      expect(await Promise.all(paths.map(async (path) => await readFile(path, "utf8")))).toEqual(["a", "b"]);
      expect((await stat(dirname(paths[0] ?? ""))).mode & 0o777).toBe(0o700);
      expect((await stat(paths[1] ?? "")).mode & 0o777).toBe(0o600);
      return dirname(paths[0] ?? "");
    });
    await expect(stat(folder)).rejects.toThrow("ENOENT");
    await expect(withTemporaryFiles(["a"], ([path]) => Promise.reject(new Error(path)))).rejects.toThrow(/document-0$/);
  });
});

describe("what killed processes have left", () => {
  let parent: string;
  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), "leftovers-"));
  });
  afterEach(async () => await rm(parent, { recursive: true }));

  it("is removed when it is old, and nothing else is", async () => {
    const own = await withTemporaryFiles([""], ([path = ""]) => Promise.resolve(basename(dirname(path))));
    const startTime = (await statOf(process.pid))?.startTime ?? "";
    const hourAgo = Date.now() / 1000 - 3600;
    const names = {
      old: `virt-ipi-files-${process.pid}-${Number(startTime) - 1}-aaaaaa`,
      gone: "virt-ipi-files-4194305-17-bbbbbb",
      running: own,
      foreign: "virt-ipi-stack-cccccc",
      new: "virt-ipi-files-4194305-17-dddddd",
    };
    for (const [key, name] of Object.entries(names)) {
      await mkdir(join(parent, name));
      await writeFile(join(parent, name, "document-0"), "secret");
      if (key !== "new") await utimes(join(parent, name), hourAgo, hourAgo);
    }
    await removeLeftovers(parent);
    expect((await readdir(parent)).toSorted()).toEqual([names.running, names.foreign, names.new].toSorted());
    await removeLeftovers(join(parent, "missing"));
  });
});

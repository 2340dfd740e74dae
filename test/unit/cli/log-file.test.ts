import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { LogFile } from "../../../src/cli/log-file.ts";
import { Redactor } from "../../../src/events/index.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "virt-ipi-log-"));
});
afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

it("keeps the log of a service from growing for ever: the last part is there, and the one before", async () => {
  const warnings: string[] = [];
  const path = join(root, ".virt-ipi/log.jsonl");
  const log = new LogFile(path, new Redactor(), (message) => warnings.push(message), 1_000);
  for (let number = 0; number < 200; number++) log.write({ type: "log", level: "info", message: `line ${number}` });
  log.close();
  expect(warnings).toEqual([]);
  expect((await readdir(join(root, ".virt-ipi"))).toSorted()).toEqual(["log.jsonl", "log.jsonl.1"]);
  const read = async (file: string): Promise<readonly number[]> =>
    (await readFile(file, "utf8"))
      .trim()
      .split("\n")
      .map((line) => Number(/line (\d+)/.exec(line)?.[1]));
  const [before, last] = [await read(`${path}.1`), await read(path)];
  expect([...before, ...last]).toEqual(Array.from({ length: before.length + last.length }, (_, index) => 200 - before.length - last.length + index));
  for (const file of [path, `${path}.1`]) {
    expect((await stat(file)).size).toBeLessThan(1_200);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  }
});

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { run } from "../../../../src/exec/index.ts";
import { scenarios } from "../../../golden/openshift/scenarios.ts";
import { bootstrapFilesOf } from "../../../helpers/bootstrap-machine.ts";

/** All scripts of the bootstrap machines of all scenarios, as they are on the machine, each text once. */
const CASES = (await scenarios()).flatMap(({ name, versions }) => versions.map((version) => ({ name, version })));
const BATCH = 40;
/** For some seventy machines, on a host that has others' work to do. */
const RENDERING_MS = 600_000;

let folder: string;
const scripts = new Map<string, string>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "virt-ipi-lint-"));
  const texts = new Set<string>();
  for (const { name, version } of CASES) {
    const files = [...(await bootstrapFilesOf(name, version))].filter(([, { text }]) => text.startsWith("#!/bin/bash\n"));
    for (const [path, { text }] of files) {
      const place = join(folder, `${name}-${version}`, path);
      await mkdir(dirname(place), { recursive: true });
      // All of a machine, since scripts read others beside them; but each text is looked at once.
      await writeFile(place, text);
      if (!texts.has(`${path}\n${text}`)) scripts.set(place, text);
      texts.add(`${path}\n${text}`);
    }
  }
}, RENDERING_MS);
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

it("is read by bash", async () => {
  expect(scripts.size).toBeGreaterThan(20);
  for (const place of scripts.keys()) await run("bash", ["-n", place]);
});

it("gives shellcheck nothing to say", async () => {
  const all = [...scripts.keys()];
  const said: string[] = [];
  for (let start = 0; start < all.length; start += BATCH) {
    const { stdout } = await run("shellcheck", ["--external-sources", "--format=gcc", ...all.slice(start, start + BATCH)], { accept: [1] });
    said.push(...stdout.split("\n").filter((line) => line !== ""));
  }
  expect(said.map((line) => line.replace(`${folder}/`, ""))).toEqual([]);
});

it("has no stand-in for a script", () => {
  expect([...scripts].filter(([, text]) => text.includes("this version of virt-ipi does not")).map(([place]) => place)).toEqual([]);
});

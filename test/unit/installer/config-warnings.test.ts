import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { Redactor, type InstallerEvent } from "../../../src/events/index.ts";
import type { Context } from "../../../src/installer/context.ts";
import { environment } from "../../../src/installer/environment.ts";
import { runPhases } from "../../../src/installer/phase.ts";
import { prepareAssets } from "../../../src/installer/phases/prepare-assets.ts";
import { validateConfig } from "../../../src/installer/phases/validate-config.ts";
import { clusterFolder } from "../../../src/stack/index.ts";
import { systemClock, systemEntropy } from "../../../src/util/index.ts";
import { kvm, yamlOf } from "../config/verdicts/support.ts";

const SOURCES = join(import.meta.dirname, "../../../src");
let root: string;

beforeEach(async () => {
  root = await mkdtemp(`${tmpdir()}/virt-ipi-warnings-`);
  await writeFile(join(root, "install-config.yaml"), yamlOf(kvm, { "networking.machineNetwork": [{ cidr: "172.17.0.0/16" }] }));
});
afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

/** A run of its own: what it tells. */
async function warningsOf(command: (context: Context) => Promise<unknown>): Promise<readonly string[]> {
  const events: InstallerEvent[] = [];
  await command({
    folder: clusterFolder(root),
    reporter: { emit: (event) => events.push(event) },
    redactor: new Redactor(),
    clock: systemClock,
    entropy: systemEntropy,
    run: () => Promise.reject(new Error("no programs here")),
    env: {},
    signal: new AbortController().signal,
    version: "0.0.1",
    options: {},
  });
  return events.flatMap((event) => (event.type === "log" && event.level === "warning" ? [event.message] : []));
}

const WARNING = [expect.stringContaining("install-config: networking.machineNetwork[0]: Invalid value")];

it("a run that reads the install-config several times tells its warnings once", async () => {
  expect(await warningsOf((context) => runPhases([validateConfig, prepareAssets], "create cluster", context))).toEqual(WARNING);
});

it("each run tells them again", async () => {
  expect(await warningsOf(environment)).toEqual(WARNING);
  expect(await warningsOf(environment)).toEqual(WARNING);
});

it("nothing reads an install-config without somewhere to tell its warnings", async () => {
  const files = (await readdir(SOURCES, { recursive: true })).filter((path) => path.endsWith(".ts") && !path.startsWith("config"));
  const texts = await Promise.all(files.map(async (path) => [path, await readFile(join(SOURCES, path), "utf8")] as const));
  const readers = texts.filter(([, text]) => /\b(?:loadClusterSpec|loadInstallConfig|parseInstallConfig)\(/.test(text)).map(([path]) => path);
  // All others go through readCluster, whose callers have to say where warnings go.
  expect(readers.toSorted()).toEqual(["cli/create/install-config.ts", "cli/validate.ts", "stack/read-cluster.ts"]);
});

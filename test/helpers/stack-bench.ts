import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { InstallerEvent } from "../../src/events/index.ts";
import { clusterFolder, openStack, type ClusterFolder, type DriverOptions, type StackDriver } from "../../src/stack/index.ts";
import { systemClock } from "../../src/util/index.ts";

export const TEST_PLUGIN = resolve(import.meta.dirname, "test-plugin");

/** The `pulumi` of the set-up. A test without it fails: `npm run setup:tests` has to come first. */
export function pulumiOfSetup(): string {
  const candidates = [process.env["VIRT_IPI_PULUMI"], join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "virt-ipi/bin/pulumi")];
  const found = candidates.find((path) => path !== undefined && existsSync(path));
  if (found === undefined) throw new Error("there is no pulumi: run `npm run setup:tests` first");
  return found;
}

export interface StackBench {
  readonly folder: ClusterFolder;
  /** Where the things of the test plugin are files. */
  readonly things: string;
  readonly events: InstallerEvent[];
  readonly env: Record<string, string | undefined>;
  open(options?: Partial<DriverOptions>): Promise<StackDriver>;
  /** What the plugin was asked to do, in order. */
  calls(): Promise<readonly string[]>;
  made(): Promise<readonly string[]>;
  remove(): Promise<void>;
}

/** A cluster folder with a real engine and a provider of files, in a temporary folder. */
export async function stackBench(): Promise<StackBench> {
  const root = await mkdtemp(join(tmpdir(), "virt-ipi-stack-"));
  const things = await mkdtemp(join(tmpdir(), "virt-ipi-things-"));
  const folder = clusterFolder(root);
  const events: InstallerEvent[] = [];
  const env = { PATH: process.env["PATH"], HOME: process.env["HOME"], VIRT_IPI_PULUMI: pulumiOfSetup() };
  return {
    folder,
    things,
    events,
    env,
    open: (options) =>
      openStack({
        folder,
        clusterName: "test",
        reporter: { emit: (event) => events.push(event) },
        clock: systemClock,
        signal: new AbortController().signal,
        env,
        pluginFolder: TEST_PLUGIN,
        ...options,
      }),
    calls: async () => (await readFile(join(things, "calls.log"), "utf8").catch(() => "")).split("\n").filter((line) => line !== ""),
    made: async () =>
      (await readdir(things))
        .filter((name) => name.endsWith(".thing"))
        .map((name) => name.slice(0, -6))
        .toSorted(),
    remove: async () => {
      await rm(root, { recursive: true, force: true });
      await rm(things, { recursive: true, force: true });
    },
  };
}

export type ThingType = "virt-ipi:test:Thing" | "virt-ipi:cluster:BootstrapComplete" | "virt-ipi:cluster:InstallComplete";

/** One file of the test plugin as a resource. */
export class Thing extends pulumi.CustomResource {
  constructor(
    args: {
      readonly name: string;
      readonly folder: string;
      readonly milliseconds?: number;
      readonly until?: string;
      readonly secret?: pulumi.Input<string>;
      readonly fail?: string;
      readonly notReady?: string;
    },
    options: pulumi.CustomResourceOptions = {},
    type: ThingType = "virt-ipi:test:Thing",
  ) {
    super(type, args.name, { ...args }, { version: "0.1.0", ...options });
  }
}

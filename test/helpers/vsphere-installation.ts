import { spawn, type ChildProcess } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { stringify } from "yaml";
import type { Vcsim } from "../../tools/vcsim/index.ts";
import { ENTRY } from "./cli.ts";
import { programsFolder } from "./vcsim.ts";
import { installConfig, type TestClusterOptions, type TestVCenter } from "./vsphere-cluster.ts";

export type Event = Readonly<Record<string, unknown>>;
export type OnEvent = (event: Event, child: ChildProcess) => void;

export interface Run {
  /** Exit code; null when a signal ended it. */
  readonly code: number | null;
  readonly events: readonly Event[];
  readonly output: string;
  /** `operation kind name` of each step of Pulumi's that is done. */
  readonly done: readonly string[];
}

/** A cluster folder on simulated vCenters, worked on by the real CLI, engine and plugins. */
export interface VSphereInstallation {
  readonly dir: string;
  cli(args: readonly string[], onEvent?: OnEvent): Promise<Run>;
  /** `create infra` without the checks that no simulator can pass: names of machines that never boot are in no DNS. */
  createInfra(onEvent?: OnEvent): Promise<Run>;
  infraID(): Promise<string>;
  dispose(): Promise<void>;
}

const SKIPPED = ["dns-api", "dns-apps"].flatMap((id) => ["--skip", id]);

/** @param options env: of the CLI, over this process's; entry: path of the CLI, the checkout's by default */
export async function vsphereInstallation(
  vcenters: readonly TestVCenter[],
  simulators: readonly Pick<Vcsim, "ca">[],
  options: TestClusterOptions & { readonly env?: Readonly<Record<string, string>>; readonly entry?: string } = {},
): Promise<VSphereInstallation> {
  const dir = await mkdtemp("/tmp/vt-cluster-");
  const config = installConfig(vcenters, options);
  config["additionalTrustBundle"] = simulators.map(({ ca }) => ca).join("\n");
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, "install-config.yaml"), stringify(config), { mode: 0o600 });
  const cli: VSphereInstallation["cli"] = (args, onEvent) => runCli(options.entry ?? ENTRY, dir, args, options.env ?? {}, onEvent);
  return {
    dir,
    cli,
    createInfra: (onEvent) => cli(["create", "infra", ...SKIPPED], onEvent),
    infraID: async () => (JSON.parse(await readFile(join(dir, "metadata.json"), "utf8")) as { infraID: string }).infraID,
    dispose: async () => await rm(dir, { recursive: true, force: true }),
  };
}

async function runCli(entry: string, dir: string, args: readonly string[], env: Readonly<Record<string, string>>, onEvent?: OnEvent): Promise<Run> {
  const child = spawn(entry, [...args, "--dir", dir, "--output", "json"], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, PATH: `${programsFolder()}:${process.env["PATH"] ?? ""}`, ...env },
  });
  const events: Event[] = [];
  const lines: string[] = [];
  const read = async (stream: NodeJS.ReadableStream): Promise<void> => {
    for await (const line of createInterface({ input: stream })) {
      lines.push(line);
      if (!line.startsWith("{")) continue;
      const event = JSON.parse(line) as Event;
      events.push(event);
      onEvent?.(event, child);
    }
  };
  const ended = new Promise<number | null>((resolve, reject) => child.on("error", reject).on("exit", (code) => resolve(code)));
  await Promise.all([read(child.stdout), read(child.stderr)]);
  const done = events
    .filter(({ type, status }) => type === "resource" && status === "done")
    .map(({ operation, kind, name }) => `${String(operation)} ${String(kind)} ${String(name)}`);
  return { code: await ended, events, output: lines.join("\n"), done };
}

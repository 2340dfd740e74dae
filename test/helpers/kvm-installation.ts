import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseDocument } from "yaml";
import { run, type RunResult } from "../../src/exec/index.ts";
import type { LibvirtHost } from "../../tools/demo-host/index.ts";
import { cacheFolder } from "../../setup/paths.ts";
import { ENTRY } from "./cli.ts";
import { libvirtNamespace } from "./libvirt-namespace.ts";

const CHECKOUT = resolve(import.meta.dirname, "../..");
const EXAMPLE = join(CHECKOUT, "examples/kvm-demo.yaml");

export type Event = Readonly<Record<string, unknown>>;

export interface Run {
  /** Exit code; null when a signal ended it. */
  readonly code: number | null;
  readonly events: readonly Event[];
  readonly output: string;
}

/** A cluster folder and a host of its own for it, worked on by the real CLI. */
export interface Installation {
  readonly host: LibvirtHost;
  readonly dir: string;
  /** All that any run has printed. */
  readonly printed: string[];
  /** Runs the CLI in the host's namespace with JSON output; `onEvent` may send signals. */
  cli(args: readonly string[], onEvent?: (event: Event, child: ChildProcess) => void): Promise<Run>;
  kubectl(args: readonly string[], input?: string): Promise<RunResult>;
  /** What the machines have written on their consoles, by the name of the log. */
  consoles(): Promise<ReadonlyMap<string, string>>;
  /** Plain `pulumi` in the checkout, with the environment that `virt-ipi env` prints for this cluster. */
  pulumi(...args: readonly string[]): Promise<RunResult>;
  dispose(): Promise<void>;
}

/** @param settings paths of the install-config and their values, over those of the smallest example */
export async function kvmInstallation(settings: readonly (readonly [readonly (string | number)[], unknown])[] = []): Promise<Installation> {
  const host = await libvirtNamespace();
  const dir = await mkdtemp("/tmp/virt-ipi-e2e-");
  const document = parseDocument(await readFile(EXAMPLE, "utf8"));
  document.setIn(["platform", "kvm", "uri"], host.uri);
  for (const [path, value] of settings) document.setIn(path, value);
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, "install-config.yaml"), document.toString(), { mode: 0o600 });
  const printed: string[] = [];
  return {
    host,
    dir,
    printed,
    cli: (args, onEvent) => runCli(host, dir, printed, args, onEvent),
    kubectl: (args, input) =>
      host.exec([join(cacheFolder(), "bin", "kubectl"), "--kubeconfig", join(dir, "auth", "kubeconfig"), "--request-timeout", "60s", ...args], {
        timeoutMs: 300_000,
        input,
      }),
    consoles: () => readConsoles(join(host.dir, "lib/images")),
    pulumi: async (...args) => {
      const { stdout } = await host.exec([ENTRY, "env", "--dir", dir]);
      const env = Object.fromEntries(
        [...stdout.matchAll(/^export (\w+)=(?:'([^']*)'|(.*))$/gm)].map(([, name, quoted, bare]) => [name, quoted ?? bare]),
      );
      return host.exec(["pulumi", ...args, "--non-interactive", "--color", "never"], { cwd: CHECKOUT, env, timeoutMs: 60 * 60_000 });
    },
    dispose: async () => {
      await host.dispose();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function readConsoles(images: string): Promise<ReadonlyMap<string, string>> {
  const names = (await readdir(images, { recursive: true }).catch(() => [])).filter((name) => name.endsWith(".console.log"));
  return new Map(await Promise.all(names.map(async (name) => [name, await readFile(join(images, name), "utf8").catch(() => "")] as const)));
}

export async function runCli(
  host: LibvirtHost,
  dir: string,
  printed: string[],
  args: readonly string[],
  onEvent?: (event: Event, child: ChildProcess) => void,
): Promise<Run> {
  // `ip netns exec` and the entry both replace themselves, so that a signal to the child is one to the CLI.
  const child = spawn("ip", ["netns", "exec", host.netns, ENTRY, ...args, "--dir", dir, "--output", "json"], { stdio: ["ignore", "pipe", "pipe"] });
  const events: Event[] = [];
  const lines: string[] = [];
  const read = async (stream: NodeJS.ReadableStream): Promise<void> => {
    for await (const line of createInterface({ input: stream })) {
      lines.push(line);
      printed.push(line);
      if (!line.startsWith("{")) continue;
      const event = JSON.parse(line) as Event;
      events.push(event);
      onEvent?.(event, child);
    }
  };
  const ended = new Promise<number | null>((done, reject) =>
    child.on("error", reject).on("exit", (code) => {
      done(code);
    }),
  );
  await Promise.all([read(child.stdout), read(child.stderr)]);
  return { code: await ended, events, output: lines.join("\n") };
}

/** Every command line inside the namespace at this moment: where a secret in an argument would show. */
export async function commandLines(host: LibvirtHost): Promise<string> {
  const { stdout } = await run("ip", ["netns", "pids", host.netns]);
  const texts = await Promise.all(
    stdout
      .split("\n")
      .filter(Boolean)
      .map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")),
  );
  return texts.join("\n").replaceAll("\0", " ");
}

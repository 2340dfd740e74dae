import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { run, type RunResult } from "../../src/exec/index.ts";
import { Control } from "./control.ts";

/**
 * @plays vCenter (govmomi's simulator, with additions)
 * @contract the SOAP and REST calls of govmomi's simulator, and what `tools/vcsim/likeness.go` makes alike a real vCenter; faults on demand
 * @because vCenter is not free to have
 * @real no test here
 */

/** What the vCenter holds when it starts; each number is per datacenter or per cluster as its name in main.go says. */
export interface VcsimOptions {
  /** The folder of `vcsim` and `govc`. */
  readonly bin: string;
  readonly user?: string;
  /** Without one any user may log in. */
  readonly password?: string;
  /** DNS names and addresses in the certificate; `localhost` and `127.0.0.1` unless given. */
  readonly tlsNames?: readonly string[];
  /** Loopback port; a free one unless given. */
  readonly port?: number;
  readonly inventory?: Partial<Record<Count, number>>;
  /** Version that it reports, such as `7.0.3`. */
  readonly apiVersion?: string;
  /** Seconds that its clock is ahead. */
  readonly clockSkew?: number;
}

/** All are numbers of objects, but for `host-memory` and `datastore-size` (GiB), `host-cpus` and `delay` (ms a call). */
type Count =
  | "datacenters"
  | "clusters"
  | "hosts"
  | "standalone-hosts"
  | "pools"
  | "datastores"
  | "port-groups"
  | "folders"
  | "machines"
  | "host-memory"
  | "host-cpus"
  | "datastore-size"
  | "delay";

/** A running simulator. */
export interface Vcsim extends AsyncDisposable {
  /** `127.0.0.1:PORT`, as `vcenters[].server` and the plugin's `vsphereServer` take it. */
  readonly server: string;
  readonly user: string;
  readonly password: string;
  /** PEM file of the certificate's authority, for SSL_CERT_FILE and NODE_EXTRA_CA_CERTS. */
  readonly caFile: string;
  readonly ca: string;
  /** Environment with which govc reaches it. */
  readonly govcEnv: Readonly<Record<string, string>>;
  readonly control: Control;
  /** Runs govc against it. @throws InstallerError EXEC_FAILED with what govc said */
  govc(...args: readonly string[]): Promise<RunResult>;
  /** Ends it, and waits until it is gone. Doing it again changes nothing. */
  stop(): Promise<void>;
}

/** What the simulator notes of each look for something that is not there, which is an answer like any other. */
const NOT_FOUND = /\b(?:library|tag) not found: /;

interface Ready {
  readonly server: string;
  readonly user: string;
}

/** Starts a vCenter simulator on a loopback port. It also ends by itself when this process does. */
export async function startVcsim(options: VcsimOptions): Promise<Vcsim> {
  const folder = await mkdtemp(join(tmpdir(), "vcsim-"));
  const caFile = join(folder, "ca.pem");
  const password = options.password ?? "vcsim";
  const child = spawn(join(options.bin, "vcsim"), argumentsOf(options, caFile), {
    stdio: ["pipe", "pipe", "pipe"],
    env: { PATH: process.env["PATH"] ?? "", TMPDIR: folder, VCSIM_PASSWORD: password },
  });
  createInterface(child.stderr).on("line", (line) => {
    if (!NOT_FOUND.test(line)) process.stderr.write(`${line}\n`);
  });
  const stop = async (): Promise<void> => {
    await end(child);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const { server, user } = await readyLine(child);
    const ca = await readFile(caFile, "utf8");
    const govcEnv = {
      GOVC_URL: `https://${server}/sdk`,
      GOVC_USERNAME: user,
      GOVC_PASSWORD: password,
      GOVC_TLS_CA_CERTS: caFile,
      GOVC_PERSIST_SESSION: "false",
    };
    const govc = (...args: readonly string[]): Promise<RunResult> => run(join(options.bin, "govc"), args, { env: govcEnv });
    return { server, user, password, caFile, ca, govcEnv, control: new Control(server, ca), govc, stop, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function argumentsOf(options: VcsimOptions, caFile: string): readonly string[] {
  const flags: Record<string, string | number | undefined> = {
    ...options.inventory,
    ca: caFile,
    listen: options.port === undefined ? undefined : `127.0.0.1:${options.port}`,
    user: options.user,
    "tls-names": options.tlsNames?.join(","),
    "api-version": options.apiVersion,
    "clock-skew": options.clockSkew === undefined ? undefined : `${options.clockSkew}s`,
  };
  return Object.entries(flags).flatMap(([name, value]) => (value === undefined ? [] : [`-${name}=${value}`]));
}

async function readyLine(child: ChildProcess): Promise<Ready> {
  const gone = once(child, "exit").then(([code]) => {
    throw new Error(`vcsim ended with exit code ${String(code)} before it served`);
  });
  const failed = once(child, "error").then(([error]) => {
    throw error as Error;
  });
  if (child.stdout === null) throw new Error("vcsim has no standard output");
  const [line] = (await Promise.race([once(createInterface(child.stdout), "line"), gone, failed])) as [string];
  // Both promises go on after the race; that the process ends later is no unhandled failure.
  gone.catch(() => undefined);
  failed.catch(() => undefined);
  return JSON.parse(line) as Ready;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  const timer = setTimeout(() => child.kill("SIGKILL"), 5_000);
  child.kill("SIGTERM");
  await exit;
  clearTimeout(timer);
}

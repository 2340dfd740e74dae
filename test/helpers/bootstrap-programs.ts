import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { run, type RunResult } from "../../src/exec/index.ts";
import { cacheFolder } from "../../setup/paths.ts";

/**
 * A host of its own for the programs of a bootstrap machine: a network namespace whose names are those of a cluster, so that kubeconfigs and
 * certificates are used as they are, and a folder with the machine's files.
 */
export class BootstrapPrograms implements AsyncDisposable {
  readonly folder: string;
  readonly #netns: string;
  readonly #children: ChildProcess[] = [];

  private constructor(folder: string, netns: string) {
    this.folder = folder;
    this.#netns = netns;
  }

  /** @param names that lead to loopback there */
  static async open(names: readonly string[]): Promise<BootstrapPrograms> {
    const netns = `vt-${process.pid}-${randomBytes(2).toString("hex")}`;
    const programs = new BootstrapPrograms(await mkdtemp(join(tmpdir(), "virt-ipi-bootstrap-")), netns);
    // `ip netns exec` shows each file of this folder in place of the one in /etc.
    await mkdir(`/etc/netns/${netns}`, { recursive: true });
    await writeFile(`/etc/netns/${netns}/hosts`, `127.0.0.1 localhost ${names.join(" ")}\n`);
    await run("ip", ["netns", "add", netns]);
    await programs.exec("ip", ["link", "set", "lo", "up"]);
    return programs;
  }

  /** A file of the machine, readable by its owner. @returns its path here */
  async file(path: string, content: string | Uint8Array): Promise<string> {
    const to = this.path(path);
    await mkdir(dirname(to), { recursive: true });
    await writeFile(to, content, { mode: 0o600 });
    return to;
  }

  path(path: string): string {
    return join(this.folder, path);
  }

  /** Runs a program of the system to its end. @param accept exit codes that are answers */
  async exec(program: string, args: readonly string[], accept: readonly number[] = [], input?: string): Promise<RunResult> {
    return await run("ip", ["netns", "exec", this.#netns, program, ...args], { accept, ...(input === undefined ? {} : { input }) });
  }

  /** kubectl, with a kubeconfig of the machine; what it says, with its errors. */
  async kubectl(kubeconfig: string, args: readonly string[], input?: string): Promise<{ readonly ok: boolean; readonly text: string }> {
    const all = ["--kubeconfig", this.path(kubeconfig), "--cache-dir", this.path("cache"), ...args];
    const { exitCode, stdout, stderr } = await this.exec(join(cacheFolder(), "bin/kubectl"), all, [1], input);
    return { ok: exitCode === 0, text: stdout + stderr };
  }

  /** Starts a program of set-up's cache that goes on; its log is `<name>.log`. */
  async start(name: string, args: readonly string[]): Promise<ChildProcess> {
    const log = openSync(this.path(`${name}.log`), "a");
    const child = spawn("ip", ["netns", "exec", this.#netns, join(cacheFolder(), "bin", name), ...args], {
      cwd: this.folder,
      stdio: ["ignore", log, log],
    });
    closeSync(log);
    await once(child, "spawn");
    this.#children.push(child);
    return child;
  }

  async logOf(name: string): Promise<string> {
    return await readFile(this.path(`${name}.log`), "utf8");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#children.toReversed()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    }
    await run("ip", ["netns", "del", this.#netns], { accept: [1] });
    await rm(`/etc/netns/${this.#netns}`, { recursive: true, force: true });
    await rm(this.folder, { recursive: true, force: true });
  }
}

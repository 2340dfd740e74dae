import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run, type RunResult } from "../../src/exec/index.ts";
import { poll } from "../../src/util/index.ts";

/** Its own /run and /etc/systemd/system hide those of the host, so that nothing of this host's systemd, if it has one, is met. */
const SCRIPT = `
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /etc/systemd/system
mkdir -p /run/systemd/system
exec /usr/lib/systemd/systemd --user --log-target=console
`;

/**
 * A real systemd in a mount namespace of its own, that runs the units of /etc/systemd/system as the first process of a host would: a user's manager
 * that is shown the host's folders, since the host's own can only be process 1.
 */
export class RealSystemd {
  readonly #manager: ChildProcess;
  readonly #folder: string;
  readonly #env: Readonly<Record<string, string | undefined>>;

  private constructor(manager: ChildProcess, folder: string, env: Readonly<Record<string, string | undefined>>) {
    this.#manager = manager;
    this.#folder = folder;
    this.#env = env;
  }

  static async start(): Promise<RealSystemd> {
    const folder = await mkdtemp(join(tmpdir(), "virt-ipi-systemd-"));
    const bin = join(folder, "bin");
    await mkdir(bin);
    await writeFile(join(bin, "systemctl"), `#!/bin/sh\nexec /usr/bin/systemctl --user "$@"\n`);
    await chmod(join(bin, "systemctl"), 0o755);
    const units = { SYSTEMD_UNIT_PATH: "/etc/systemd/system:", XDG_RUNTIME_DIR: "/run" };
    const env = { ...process.env, ...units, PATH: `${bin}:${process.env["PATH"] ?? ""}` };
    const manager = spawn("unshare", ["--mount", "sh", "-c", SCRIPT], { stdio: "ignore", env: { ...env, HOME: folder, XDG_CONFIG_HOME: undefined } });
    await once(manager, "spawn");
    const systemd = new RealSystemd(manager, folder, env);
    await poll(
      async () => {
        const { stdout } = await systemd.run("systemctl", ["is-system-running"], [1]);
        return /running|degraded/.test(stdout) ? { done: true, value: true } : { done: false, reason: stdout };
      },
      { intervalMs: 200, timeoutMs: 300_000 },
    );
    return systemd;
  }

  /** Runs a program where the manager's folders are seen. */
  async run(file: string, args: readonly string[], accept: readonly number[] = []): Promise<RunResult> {
    return await run("nsenter", ["--target", String(this.#manager.pid), "--mount", file, ...args], { env: this.#env, accept });
  }

  async stop(): Promise<void> {
    const ended = once(this.#manager, "exit");
    // Ends its units in order.
    this.#manager.kill("SIGTERM");
    await ended;
    await rm(this.#folder, { recursive: true, force: true });
  }
}

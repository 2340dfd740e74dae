import { chmod, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { InstallerError } from "../../src/errors/index.ts";
import { run as runProgram, type Runner, type RunOptions, type RunResult } from "../../src/exec/index.ts";
import { poll } from "../../src/util/index.ts";

/**
 * A host for virtual machines inside this one: a network namespace and a libvirtd of its own in it. Machine networks,
 * their DHCP, DNS and firewall rules exist only there; whoever talks to the machines runs inside by `exec`.
 *
 * What it took (libvirt 9.0, Debian bookworm, as root, no systemd and no D-Bus):
 * - libvirtd's folders (/etc/libvirt, /var/lib/libvirt, /run/libvirt, /var/cache/libvirt, /var/log/libvirt) are compiled
 *   in, and hold driver locks, so a second daemon needs its own mounts over them: `private-libvirt.sh`. Its paths
 *   are true for libvirtd and QEMU only, so files reach a pool by `virsh vol-upload`, as on any remote host.
 * - `ip netns exec` comes first, since it makes the mount namespace whose /sys shows the new network namespace.
 * - `stdio_handler = "file"`: without it consoles need virtlogd; cgroups, mount namespaces and security drivers are off,
 *   since there may be no cgroup tree to write and the daemon is confined already.
 * - the socket is a file, so `uri` works from outside too; the machines' addresses do not.
 */
export interface LibvirtHost {
  /** libvirt connection URI: `qemu:///system?socket=…` */
  readonly uri: string;
  /** Name of the network namespace. */
  readonly netns: string;
  /** Holds everything; `<dir>/lib` is the daemon's /var/lib/libvirt. */
  readonly dir: string;
  /** Runs a program inside the namespace, with LIBVIRT_DEFAULT_URI set. */
  exec(argv: readonly string[], options?: RunOptions): Promise<RunResult>;
  /** Ends every process of the namespace and removes it and the folder. Repeatable. */
  dispose(): Promise<void>;
}

export interface LibvirtHostOptions {
  /** Name of the namespace, at most 15 characters; must be no other's. */
  readonly netns: string;
  /** A folder of its own; short, since it holds unix sockets (108 characters). */
  readonly dir: string;
  readonly run?: Runner;
}

const SCRIPT = join(import.meta.dirname, "private-libvirt.sh");
/** Of a program that must come up or end: by far longer than it takes, also on a busy host. */
const LIMIT_MS = 300_000;

/** The host of that name and folder as an object, whether it runs or not. */
export function libvirtHost(options: LibvirtHostOptions): LibvirtHost {
  const { netns, dir, run = runProgram } = options;
  const uri = `qemu:///system?socket=${dir}/run/libvirt-sock`;
  return {
    uri,
    netns,
    dir,
    exec: (argv, runOptions = {}) =>
      run("ip", ["netns", "exec", netns, ...argv], { ...runOptions, env: { LIBVIRT_DEFAULT_URI: uri, ...runOptions.env } }),
    dispose: () => dispose(options, run),
  };
}

/**
 * Makes the namespace and starts libvirtd in it; leaves a running one alone. Nothing stays if it fails.
 * @throws InstallerError EXEC_FAILED when a step fails, with the end of libvirtd's log
 */
export async function startLibvirtHost(options: LibvirtHostOptions): Promise<LibvirtHost> {
  const { netns, dir, run = runProgram } = options;
  const host = libvirtHost(options);
  if (await isRunning(options, run)) return host;
  await host.dispose();
  try {
    await writeConfiguration(dir);
    await run("ip", ["netns", "add", netns]);
    await host.exec(["ip", "link", "set", "lo", "up"]);
    const daemon = ["libvirtd", "--daemon", "--config", "/etc/libvirt/libvirtd.conf", "--pid-file", `${dir}/libvirtd.pid`];
    await host.exec(["unshare", "--mount", SCRIPT, dir, ...daemon], { timeoutMs: LIMIT_MS });
    const up = await poll(() => answers(host.uri, run), { intervalMs: 100, timeoutMs: LIMIT_MS });
    if (up.outcome === "timeout") throw new InstallerError("EXEC_FAILED", `libvirtd does not answer: ${up.lastReason}`, { value: netns });
    return host;
  } catch (error) {
    const log = await readFile(join(dir, "log", "libvirtd.log"), "utf8").catch(() => "");
    await host.dispose();
    throw new InstallerError("EXEC_FAILED", `cannot start libvirtd in namespace ${netns}`, {
      cause: error,
      details: log.trim().split("\n").slice(-5),
    });
  }
}

async function writeConfiguration(dir: string): Promise<void> {
  for (const folder of ["etc/qemu/networks", "lib/images", "run", "cache", "log"]) await mkdir(join(dir, folder), { recursive: true });
  await chmod(dir, 0o711);
  await writeFile(
    join(dir, "etc/libvirtd.conf"),
    [
      `unix_sock_dir = "${dir}/run"`,
      'unix_sock_rw_perms = "0700"',
      'auth_unix_rw = "none"',
      'auth_unix_ro = "none"',
      `log_outputs = "3:file:/var/log/libvirt/libvirtd.log"`,
      "",
    ].join("\n"),
  );
  await writeFile(
    join(dir, "etc/qemu.conf"),
    [
      'user = "root"',
      'group = "root"',
      'security_driver = "none"',
      "cgroup_controllers = []",
      "namespaces = []",
      'stdio_handler = "file"',
      "remember_owner = 0",
      "",
    ].join("\n"),
  );
  await writeFile(join(dir, "etc/network.conf"), "");
}

async function answers(uri: string, run: Runner): Promise<{ done: true; value: true } | { done: false; reason: string }> {
  const { exitCode, stderr } = await run("virsh", ["--connect", uri, "uri"], { accept: [1], timeoutMs: LIMIT_MS });
  return exitCode === 0 ? { done: true, value: true } : { done: false, reason: stderr.trim() };
}

async function isRunning({ netns, dir }: LibvirtHostOptions, run: Runner): Promise<boolean> {
  const pid = Number.parseInt(await readFile(join(dir, "libvirtd.pid"), "utf8").catch(() => ""), 10);
  return (await pidsOf(netns, run)).includes(pid) && (await answers(`qemu:///system?socket=${dir}/run/libvirt-sock`, run)).done;
}

/** The processes inside a namespace: ours by construction, so ending them needs no guess by name. */
async function pidsOf(netns: string, run: Runner): Promise<readonly number[]> {
  const { stdout, exitCode } = await run("ip", ["netns", "pids", netns], { accept: [1, 255] });
  return exitCode === 0 ? stdout.split("\n").filter(Boolean).map(Number) : [];
}

async function dispose({ netns, dir }: LibvirtHostOptions, run: Runner): Promise<void> {
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    for (const pid of await pidsOf(netns, run)) kill(pid, signal);
    await poll(async () => ((await pidsOf(netns, run)).length === 0 ? { done: true, value: true } : { done: false, reason: "processes remain" }), {
      intervalMs: 50,
      timeoutMs: signal === "SIGTERM" ? 5_000 : LIMIT_MS,
    });
  }
  await run("ip", ["netns", "del", netns], { accept: [1] });
  await rm(dir, { recursive: true, force: true });
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // Gone by itself in the meantime.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

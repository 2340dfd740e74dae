import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmod, glob, mkdtemp, readdir, readFile, readlink, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { clusterFolder, openStack } from "../../../src/stack/index.ts";
import { poll, systemClock } from "../../../src/util/index.ts";

/** A user of this host that is not ours: these tests run as root, as those of KVM do. */
const NOBODY = 65_534;

/** What a server that serves sends first: HTTP/2's SETTINGS. */
const SERVED = "bytes";
const REFUSED = "nothing";

let folder: string;
let child: ChildProcess | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "other-users-"));
});
afterEach(async () => {
  child?.kill("SIGKILL");
  child = undefined;
  await rm(folder, { recursive: true });
});

describe("a server on loopback", async () => {
  const servers = await mainsOfServers();

  it("is known by its sources: provider and language host at least", () => {
    for (const part of ["src/plugin", "plugins/language-host"]) expect(servers).toContain(`${part}/main.ts`);
  });

  it.each(servers)("of %s serves its own user and refuses others", async (main) => {
    child = spawn(process.execPath, [main, "127.0.0.1:1"], { stdio: ["pipe", "pipe", "inherit"] });
    if (child.stdout === null) throw new Error("no standard output");
    await once(createInterface(child.stdout), "line");
    await expectGuarded(child.pid ?? 0);
  });

  it("of the Automation API in our own process serves the engine and refuses others", async () => {
    const held = join(folder, "held");
    const engine = join(folder, "pulumi");
    const script = [
      "#!/bin/sh",
      'case "$*" in',
      "version*) echo v3.276.0 ;;",
      `*--event-log*) touch ${held}; while [ -e ${held} ]; do sleep 0.05; done ;;`,
      "esac",
    ];
    await writeFile(engine, `${script.join("\n")}\n`);
    await chmod(engine, 0o755);
    const driver = await openStack({
      folder: clusterFolder(join(folder, "cluster")),
      clusterName: "test",
      reporter: { emit: () => undefined },
      clock: systemClock,
      signal: new AbortController().signal,
      env: { PATH: process.env["PATH"], HOME: folder, VIRT_IPI_PULUMI: engine },
    });
    const up = driver.up(() => Promise.resolve({}));
    await poll(
      () =>
        readFile(held).then(
          () => ({ done: true, value: true }),
          () => ({ done: false, reason: "no update yet" }),
        ),
      {
        intervalMs: 50,
        timeoutMs: 300_000,
      },
    );
    // The program and the events.
    expect(await expectGuarded(process.pid)).toBe(2);
    await rm(held);
    await up;
  });
});

/** Every `main.ts` beside a file that serves. */
async function mainsOfServers(): Promise<readonly string[]> {
  const mains: string[] = [];
  for await (const path of glob("{src,plugins}/**/main.ts"))
    if (/process\.stdout\.write\(`\$\{\w+\.port\}\\n`\)/.test(await readFile(path, "utf8"))) mains.push(path);
  return mains.toSorted();
}

/** @returns number of ports on which the process listens */
async function expectGuarded(pid: number): Promise<number> {
  const ports = await listening(pid);
  expect(ports).not.toEqual([]);
  for (const port of ports) {
    expect([port, await firstBytes(port, NOBODY)]).toEqual([port, REFUSED]);
    expect([port, await firstBytes(port)]).toEqual([port, SERVED]);
  }
  return ports.length;
}

async function listening(pid: number): Promise<readonly number[]> {
  const descriptors = await readdir(`/proc/${pid}/fd`);
  const targets = new Set(await Promise.all(descriptors.map((name) => readlink(`/proc/${pid}/fd/${name}`).catch(() => ""))));
  const rows = (await Promise.all(["tcp", "tcp6"].map((name) => readFile(`/proc/net/${name}`, "utf8").catch(() => "")))).join("\n").split("\n");
  return rows.flatMap((row) => {
    const [, local = "", , state, , , , , , inode] = row.trim().split(/\s+/);
    return state === "0A" && targets.has(`socket:[${inode}]`) ? [Number.parseInt(local.split(":")[1] ?? "", 16)] : [];
  });
}

/** What comes by itself on a new connection. The program is the shell's own, since another user may not read ours. */
async function firstBytes(port: number, uid?: number): Promise<string> {
  const script = `exec 3<>/dev/tcp/127.0.0.1/${port} || exit 0; printf 'PRI * HTTP/2.0\\r\\n\\r\\nSM\\r\\n\\r\\n' >&3; timeout 120 head -c 1 <&3 | wc -c`;
  const user = uid === undefined ? {} : { uid, gid: uid };
  const { stdout } = await promisify(execFile)("bash", ["-c", script], { ...user, cwd: "/", env: { PATH: "/usr/bin:/bin" } });
  return stdout.trim() === "1" ? SERVED : REFUSED;
}

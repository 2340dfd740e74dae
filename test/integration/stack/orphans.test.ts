import { spawnSync } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { clusterFolder } from "../../../src/stack/cluster-folder.ts";
import { endOrphanedPlugins } from "../../../src/stack/orphaned-plugins.ts";
import { readLocks, freeStaleLocks } from "../../../src/stack/state-lock.ts";

let top: string;
let root: string;
const started: number[] = [];
beforeEach(async () => {
  top = await mkdtemp(join(tmpdir(), "orphans-"));
  root = join(top, "cluster");
  await mkdir(root);
  for (const name of ["plugin", "pulumi"]) await copyFile("/bin/sleep", join(top, name));
});
afterEach(async () => {
  for (const pid of started.splice(0)) if (await isAlive(pid)) process.kill(pid, "SIGKILL");
  await rm(top, { recursive: true });
});

const signal = new AbortController().signal;
const AUTOMATION = { PULUMI_AUTOMATION_API: "true" };

/** Environments of processes that are none of this folder's, whatever else they look like. */
const FOREIGN: Readonly<Record<string, () => Record<string, string>>> = {
  "of another folder": () => ({ ...AUTOMATION, VIRT_IPI_DIR: join(top, "other") }),
  "of a folder whose name only begins the same": () => ({ ...AUTOMATION, VIRT_IPI_DIR: `${root}-2` }),
  "of a folder below": () => ({ ...AUTOMATION, VIRT_IPI_DIR: join(root, "below") }),
  "of a program on the Automation API that is not ours": () => AUTOMATION,
  "of the user's own pulumi, with what `virt-ipi env` prints": () => ({ VIRT_IPI_DIR: root }),
};

describe("a plugin whose engine was killed", () => {
  it.each(Object.entries(FOREIGN))("is left alone: %s", async (_what, env) => {
    const pid = orphan("plugin", env());
    await endOrphanedPlugins(clusterFolder(root), signal);
    expect(await isAlive(pid)).toBe(true);
  });

  it("is ended when it is of this folder, also by another way to it", async () => {
    await symlink(root, join(top, "link"));
    const pids = [orphan("plugin", { ...AUTOMATION, VIRT_IPI_DIR: root }), orphan("plugin", { ...AUTOMATION, VIRT_IPI_DIR: join(top, "link") })];
    await endOrphanedPlugins(clusterFolder(root), signal);
    expect(await Promise.all(pids.map(isAlive))).toEqual([false, false]);
  });
});

describe("an engine that holds the lock and has lost its installer", () => {
  it.each(Object.entries(FOREIGN))("is left alone: %s", async (_what, env) => {
    const pid = orphan("pulumi", env());
    const { backend, locks } = await lockOf(pid);
    await expect(freeStaleLocks({ backend, stack: "demo", root, signal, onWait: () => undefined })).rejects.toMatchObject({ id: "STATE_LOCKED" });
    expect(await isAlive(pid)).toBe(true);
    expect(await locks()).toHaveLength(1);
  });

  it("is ended when it is of this folder", async () => {
    const pid = orphan("pulumi", { ...AUTOMATION, VIRT_IPI_DIR: root });
    const { backend, locks } = await lockOf(pid);
    expect(await freeStaleLocks({ backend, stack: "demo", root, signal, onWait: () => undefined })).toBe(1);
    expect(await isAlive(pid)).toBe(false);
    expect(await locks()).toEqual([]);
  });
});

/** A process of that name that only waits, and whose parent is gone. */
function orphan(name: "plugin" | "pulumi", env: Record<string, string>): number {
  const program = join(top, name);
  const script = `const { spawn } = require("node:child_process");
    const child = spawn(${JSON.stringify(program)}, ["300"], { detached: true, stdio: "ignore", env: ${JSON.stringify(env)} });
    console.log(child.pid); child.unref();`;
  const { stdout, stderr } = spawnSync(process.execPath, ["-e", script], { encoding: "utf8" });
  const pid = Number(stdout);
  if (!(pid > 1)) throw new Error(stderr);
  started.push(pid);
  return pid;
}

async function lockOf(pid: number): Promise<{ readonly backend: string; readonly locks: () => ReturnType<typeof readLocks> }> {
  const backend = pathToFileURL(join(top, "state")).href;
  const folder = join(top, "state/.pulumi/locks/organization/virt-ipi/demo");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "1.json"), JSON.stringify({ pid, hostname: hostname() }));
  return { backend, locks: () => readLocks(backend, "demo") };
}

async function isAlive(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return stat !== "" && !/\) Z /.test(stat);
}

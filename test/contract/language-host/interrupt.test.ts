import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { runInOwnGroup, type RunResult } from "../../../src/exec/index.ts";
import { poll } from "../../../src/util/index.ts";
import { createProject, installedTools, type Project } from "./project.ts";

/** Tells the process ids of itself, of the host and of the CLI, then stays. */
const PROGRAM = `
import { readFileSync, writeFileSync } from "node:fs";
const parentOf = (pid: number) => Number(/^PPid:\\s+(\\d+)/m.exec(readFileSync("/proc/" + pid + "/status", "utf8"))?.[1]);
writeFileSync("pids.json", JSON.stringify([process.pid, process.ppid, parentOf(process.ppid)]));
await new Promise((resolve) => setTimeout(resolve, 600_000));
`;

const MINUTE = 60_000;

let bin: string;
beforeAll(async () => {
  bin = await installedTools();
});

describe("the end of an update that runs", () => {
  it("comes at Ctrl-C: the CLI, the host and the program go", async () => {
    await using project = await createProject(bin, PROGRAM);
    const terminal = new AbortController();
    const update = start(project, terminal.signal);
    const pids = await pidsOf(project);
    terminal.abort();
    const { exitCode } = await update;
    expect(exitCode).not.toBe(0);
    await expectGone(pids);
  });

  it("comes at kill -9 of the CLI: the host and the program go", async () => {
    await using project = await createProject(bin, PROGRAM);
    const update = start(project);
    const pids = await pidsOf(project);
    const cli = pids.at(-1) ?? 0;
    process.kill(cli, "SIGKILL");
    await update;
    await expectGone(pids);
  });
});

function start(project: Project, signal?: AbortSignal): Promise<RunResult> {
  return runInOwnGroup(join(bin, "pulumi"), ["up", "--yes", "--skip-preview", "--non-interactive", "--color=never"], {
    cwd: project.folder,
    env: project.env,
    signal,
  });
}

async function pidsOf(project: Project): Promise<number[]> {
  const found = await poll(
    async () => {
      const text = await readFile(join(project.folder, "pids.json"), "utf8").catch(() => "");
      return text === "" ? { done: false, reason: "the program has not started" } : { done: true, value: JSON.parse(text) as number[] };
    },
    { intervalMs: 100, timeoutMs: 5 * MINUTE },
  );
  if (found.outcome === "timeout") throw new Error(found.lastReason);
  expect(found.value).toHaveLength(3);
  return found.value;
}

async function expectGone(pids: readonly number[]): Promise<void> {
  const alive = (pid: number): boolean => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  await expect.poll(() => pids.filter(alive), { timeout: 2 * MINUTE, interval: 100 }).toEqual([]);
}

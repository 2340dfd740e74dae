import { mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addPastRun, durationsFile, newestRuns, readPastRuns } from "../../../../src/installer/history/durations-file.ts";
import type { PastRun, RunKind } from "../../../../src/installer/history/past-run.ts";

const KIND: RunKind = { distribution: "kubernetes", platform: "p", pace: "any", goal: "cluster" };
const pastRun = (minute: number, kind = KIND): PastRun => ({
  kind,
  machines: 3,
  endedAt: new Date(minute * 60_000).toISOString(),
  phases: [{ phase: "bootstrap-complete", durationMs: minute, steps: [{ step: "nodes", atMs: 1 }] }],
});

let root: string;
let env: { readonly XDG_STATE_HOME: string };
let path: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "virt-ipi-history-"));
  env = { XDG_STATE_HOME: join(root, "state") };
  path = durationsFile(env);
});
afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

const damage = async (text: string): Promise<void> => {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
};

describe("the durations of earlier runs", () => {
  it("are kept in a file that others cannot read, by kind", async () => {
    const infra: RunKind = { ...KIND, goal: "machines" };
    await addPastRun(env, pastRun(1));
    await addPastRun(env, pastRun(2, infra));
    expect(await readPastRuns(env, KIND)).toEqual([pastRun(1)]);
    expect(await readPastRuns(env, infra)).toEqual([pastRun(2, infra)]);
    expect(path).toBe(join(root, "state", "virt-ipi", "durations.jsonl"));
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it("are the last twenty", async () => {
    for (let minute = 1; minute <= 25; minute++) await addPastRun(env, pastRun(minute));
    expect((await readPastRuns(env, KIND)).map(({ phases }) => phases[0]?.durationMs)).toEqual(Array.from({ length: 20 }, (_, index) => index + 6));
  });

  it("lose none of runs that end together", async () => {
    await Promise.all(Array.from({ length: 15 }, (_, minute) => addPastRun(env, pastRun(minute))));
    expect((await readPastRuns(env, KIND)).map(({ endedAt }) => endedAt).toSorted()).toEqual(
      Array.from({ length: 15 }, (_, minute) => pastRun(minute).endedAt),
    );
  });

  it.each([
    ["bytes", "\u0000\u0001 not JSON"],
    ["a cut last line", `${JSON.stringify(pastRun(1)).slice(0, 50)}`],
    ["other JSON", '[]\n{}\nnull\n{"kind":{}}\n'],
    ["negative times", `${JSON.stringify({ ...pastRun(1), phases: [{ phase: "x", durationMs: -1, steps: [] }] })}\n`],
  ])("are none in a file of %s, and go on after it", async (_what, text) => {
    await damage(text);
    expect(await readPastRuns(env, KIND)).toEqual([]);
    await addPastRun(env, pastRun(2));
    expect(await readPastRuns(env, KIND)).toEqual([pastRun(2)]);
  });

  it("do not make the file grow without end", async () => {
    await damage(`${"x".repeat(99)}\n`.repeat(20_000));
    expect(await readPastRuns(env, KIND)).toEqual([]);
    await addPastRun(env, pastRun(2));
    expect(await readFile(path, "utf8")).toBe(`${JSON.stringify(pastRun(2))}\n`);
    const many = Array.from({ length: 900 }, (_, index) => pastRun(index, { ...KIND, pace: `host ${index % 30}` }));
    const kept = newestRuns(many);
    expect(kept).toHaveLength(16 * 20);
    expect(kept.at(-1)).toEqual(many.at(-1));
    expect(kept).toEqual(many.filter((run) => kept.includes(run)));
  });

  it("are left out where they cannot be kept", async () => {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(join(root, "elsewhere"), "theirs");
    await symlink(join(root, "elsewhere"), path);
    await addPastRun(env, pastRun(1));
    expect(await readFile(join(root, "elsewhere"), "utf8")).toBe("theirs");
    expect(await readPastRuns(env, KIND)).toEqual([]);
    await rm(join(root, "state"), { recursive: true });
    await writeFile(join(root, "state"), "a file");
    await addPastRun(env, pastRun(1));
    expect(await readPastRuns(env, KIND)).toEqual([]);
  });
});

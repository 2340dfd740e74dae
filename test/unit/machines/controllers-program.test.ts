import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { runControllers } from "../../../src/machines/controller/controllers-program.ts";

/** The controllers as a child, played by shell scripts. */
let home: string;
let lines: string[];
const stop = new AbortController();

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "virt-ipi-controllers-"));
  lines = [];
});
afterEach(async () => {
  await rm(home, { recursive: true, force: true });
});

async function program(folder: string, script: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, "machine-api-controllers");
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
}

/** Runs them until the third start. */
const run = async (env: Readonly<Record<string, string>>): Promise<never> => {
  let starts = 0;
  const sleep = (): Promise<void> => (++starts === 3 ? Promise.reject(new Error("enough")) : Promise.resolve());
  return await runControllers({
    kubeconfig: "/k",
    maker: { actuatorSocket: "/a", maxCreates: 4 },
    statusSocket: "/s",
    autoscaler: false,
    env,
    clock: { now: () => new Date(0), sleep },
    signal: stop.signal,
    onLine: ({ level, message }) => void lines.push(`${level}: ${message}`),
  });
};

describe("the controllers", () => {
  it("are those of the set-up's cache, before any on the PATH", async () => {
    await program(join(home, ".cache/virt-ipi/bin"), "echo of the cache; exit 1");
    await program(join(home, "other"), "echo of the path; exit 1");
    await expect(run({ HOME: home, PATH: `${join(home, "other")}:/usr/bin:/bin` })).rejects.toThrow("enough");
    expect(lines[0]).toBe("debug: machine controller: of the cache");
  });

  it("are started again when they end, also by a signal, after longer each time", async () => {
    await program(join(home, ".cache/virt-ipi/bin"), "kill -KILL $$");
    await expect(run({ HOME: home, PATH: "/usr/bin:/bin" })).rejects.toThrow("enough");
    expect(lines).toEqual([2, 4, 8].map((seconds) => `warning: machine-api-controllers was ended by SIGKILL; it is started again in ${seconds} s`));
  });

  it.each([
    ["that are not there", "", "could not be started"],
    ["of a version that knows less", "echo 'flag provided but not defined: -autoscaler' >&2; exit 2", "is of another version"],
  ])("%s are not waited for", async (_, script, message) => {
    if (script !== "") await program(join(home, ".cache/virt-ipi/bin"), script);
    await expect(run({ HOME: home, PATH: "/usr/bin:/bin" })).rejects.toMatchObject({
      id: "MACHINE_API_MISSING",
      message: `machine-api-controllers ${message}`,
    });
  });

  it("have an input that ends when their parent is killed", async () => {
    const [started, ended] = [join(home, "started"), join(home, "ended")];
    await program(join(home, ".cache/virt-ipi/bin"), `touch ${started}; cat; touch ${ended}`);
    const source = join(import.meta.dirname, "../../../src/machines/controller/controllers-program.ts");
    const script = `import { runControllers } from ${JSON.stringify(source)};
      const clock = { now: () => new Date(), sleep: () => Promise.resolve() };
      await runControllers({ kubeconfig: "/k", maker: { actuatorSocket: "/a", maxCreates: 4 }, statusSocket: "/s", autoscaler: false, clock,
        env: { HOME: ${JSON.stringify(home)}, PATH: "/usr/bin:/bin" }, signal: new AbortController().signal, onLine: () => {} });`;
    const parent = spawn(process.execPath, ["--input-type=module-typescript", "--disable-warning=ExperimentalWarning", "--eval", script]);
    await vi.waitFor(async () => await readFile(started), { timeout: 60_000 });
    await expect(readFile(ended)).rejects.toThrow("ENOENT");
    const gone = once(parent, "exit");
    parent.kill("SIGKILL");
    await gone;
    await vi.waitFor(async () => await readFile(ended), { timeout: 60_000 });
  });
});

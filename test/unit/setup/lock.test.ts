import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { setUp } from "../../../setup/driver.ts";
import { withSetupLock } from "../../../setup/lock.ts";
import { ROOT } from "../../../setup/paths.ts";
import { createFixture, fakePart } from "./fixture.ts";

/** What a set-up says that is not the first. */
const WAITS = /^waiting for another set-up \(process \d+, since .+\) to end$/;

const fail = (error: Error): never => {
  throw error;
};

describe("two set-ups at once", () => {
  it("build a part once: the second waits, says for whom, and finds it cached", async () => {
    await using fixture = await createFixture();
    const said: string[][] = [[], []];
    const waiting = (): readonly string[][] => said.filter((lines) => lines.some((line) => WAITS.test(line)));
    let building = 0;
    let most = 0;
    const part = fakePart({
      id: "slow",
      build: async (_context, into) => {
        building += 1;
        most = Math.max(most, building);
        await vi.waitFor(() => expect(waiting()).toHaveLength(1), { timeout: 60_000 });
        await writeFile(join(into, "slow"), "x");
        building -= 1;
      },
    });
    const rows = await Promise.all(said.map((lines) => setUp(fixture.options([part], { log: (line) => lines.push(line) }))));
    expect(new Set(rows.map(([row]) => row?.source))).toEqual(new Set(["built", "cached"]));
    expect(most).toBe(1);
    expect(waiting()).toHaveLength(1);
    expect(waiting()[0]).toContain("the other set-up has ended");
  });

  it("leave the lock free after a failure", async () => {
    await using fixture = await createFixture();
    const failing = fakePart({ id: "a", build: () => Promise.reject(new Error("no")) });
    await expect(setUp(fixture.options([failing]))).rejects.toThrow("no");
    await setUp(fixture.options([fakePart({ id: "a" })]));
    expect(fixture.logged.filter((line) => line.startsWith("waiting"))).toEqual([]);
  });

  it("stop waiting when they are interrupted", async () => {
    await using fixture = await createFixture();
    const interrupt = new AbortController();
    const options = { log: () => interrupt.abort(new Error("stopped")), signal: new AbortController().signal, onLost: fail };
    await withSetupLock(fixture.cacheDir, options, async () => {
      await expect(withSetupLock(fixture.cacheDir, { ...options, signal: interrupt.signal }, () => Promise.resolve())).rejects.toThrow("stopped");
    });
  });

  it("take over from a process that was killed", async () => {
    await using fixture = await createFixture();
    const lockModule = join(ROOT, "setup/lock.ts");
    const script = `
      const { withSetupLock } = await import(${JSON.stringify(lockModule)});
      const signal = new AbortController().signal;
      await withSetupLock(${JSON.stringify(fixture.cacheDir)}, { log() {}, signal, onLost(e) { throw e; } }, () => {
        console.log("held");
        return new Promise((resolve) => setTimeout(resolve, 60_000));
      });`;
    const holder = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: ["ignore", "pipe", "inherit"] });
    await once(holder.stdout, "data");
    holder.kill("SIGKILL");
    await once(holder, "exit");
    const said: string[] = [];
    const options = { log: (line: string) => said.push(line), signal: new AbortController().signal, onLost: fail };
    expect(await withSetupLock(fixture.cacheDir, options, () => Promise.resolve("mine"))).toBe("mine");
    expect(said).toEqual([]);
  });
});

import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Runner } from "../../../src/exec/index.ts";
import { aptCandidate, aptInstall } from "../../../setup/apt.ts";
import { readTextIfExists } from "../../../src/util/index.ts";
import type { PartContext } from "../../../setup/part.ts";
import { createFixture, type Fixture } from "./fixture.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

/** A context in which only these programs are on PATH, and running one is recorded and answered by `run`. */
async function contextWith(fixture: Fixture, programs: readonly string[], run: Runner): Promise<PartContext> {
  const folder = join(fixture.cacheDir, "path");
  await mkdir(folder, { recursive: true });
  for (const program of programs) {
    await writeFile(join(folder, program), "");
    await chmod(join(folder, program), 0o755);
  }
  const log = (line: string): unknown => fixture.logged.push(line);
  return { root: fixture.root, cacheDir: fixture.cacheDir, env: { PATH: folder }, run, log, signal: new AbortController().signal, bin: {} };
}

const answer = { stdout: "", stderr: "", exitCode: 0 };

describe("installing Debian packages", () => {
  it("tells a plain user the exact command, and runs nothing", async () => {
    await using fixture = await createFixture();
    const run = vi.fn<Runner>();
    vi.spyOn(process, "getuid").mockReturnValue(1000);
    await expect(aptInstall(await contextWith(fixture, ["apt-get"], run), ["qemu-utils", "mmdebstrap"])).rejects.toMatchObject({
      id: "SETUP_PACKAGES_MISSING",
      advice: "Run `sudo apt-get install --no-install-recommends qemu-utils mmdebstrap`, then `virt-ipi setup` again.",
    });
    expect(run).not.toHaveBeenCalled();
  });

  it("as root asks no questions, leaves out recommended packages and starts no service", async () => {
    await using fixture = await createFixture();
    vi.spyOn(process, "getuid").mockReturnValue(0);
    const policyFile = join(fixture.root, "policy-rc.d");
    const policies: (string | undefined)[] = [];
    const run = vi.fn<Runner>(async () => {
      policies.push(await readTextIfExists(policyFile));
      return answer;
    });
    await aptInstall(await contextWith(fixture, ["apt-get"], run), ["qemu-utils"], policyFile);
    // While apt works, services are kept from starting; afterwards the file is gone again.
    expect(new Set(policies)).toEqual(new Set(["#!/bin/sh\nexit 101\n"]));
    expect(await readTextIfExists(policyFile)).toBeUndefined();
    const [, args, options] = run.mock.lastCall ?? [];
    expect(args).toEqual(["-y", "-q", "install", "--no-install-recommends", "qemu-utils"]);
    expect(options?.env).toMatchObject({ DEBIAN_FRONTEND: "noninteractive" });
  });

  it("asks for new lists once when the packages cannot be had by the old ones", async () => {
    await using fixture = await createFixture();
    vi.spyOn(process, "getuid").mockReturnValue(0);
    const run = vi.fn<Runner>((_file, args) => {
      if (args.includes("install")) return Promise.reject(new Error("E: Unable to locate package mtools"));
      return Promise.resolve(answer);
    });
    await expect(aptInstall(await contextWith(fixture, ["apt-get"], run), ["mtools"], join(fixture.root, "policy-rc.d"))).rejects.toMatchObject({
      id: "SETUP_PACKAGES_MISSING",
      message: expect.stringContaining("Unable to locate package mtools") as string,
    });
    expect(run.mock.calls.map(([, args]) => args[2]).slice(-3)).toEqual(["install", "update", "install"]);
  });

  it.each([
    ["golang-go:\n  Installed: (none)\n  Candidate: 2:1.19~1\n", "2:1.19~1"],
    ["golang-go:\n  Installed: (none)\n  Candidate: (none)\n", undefined],
    ["", undefined],
  ])("reads apt's candidate from %j", async (stdout, candidate) => {
    await using fixture = await createFixture();
    const context = await contextWith(fixture, ["apt-cache"], () => Promise.resolve({ ...answer, stdout }));
    expect(await aptCandidate(context, "golang-go")).toBe(candidate);
  });
});

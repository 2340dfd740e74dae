import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clusterFolder } from "../../../src/stack/index.ts";
import { takeLock, type HeldLock } from "../../../src/util/index.ts";
import { cli, type CliResult } from "../../helpers/cli.ts";
import type { MachineFile } from "../../helpers/fake-platform/machine.ts";
import { pulumiOfSetup } from "../../helpers/stack-bench.ts";

/**
 * A third platform: a folder for its part of the install-config and its machines, and a line in each of the two lists of platforms, which
 * `register.ts` adds. Nothing in src/ knows of it; all that a cluster goes through works all the same.
 */
const REGISTER = resolve(import.meta.dirname, "../../helpers/fake-platform/register.ts");
const TOKEN = "hunter2hunter2";
let root: string;
let machines: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "virt-ipi-fake-"));
  machines = join(await mkdtemp(join(tmpdir(), "virt-ipi-files-")), "machines");
});
afterAll(async () => {
  await rm(root, { recursive: true, force: true });
  await rm(join(machines, ".."), { recursive: true, force: true });
});

const state = (): string => join(machines, "..", "state");

/** The command line as a user runs it, but for the two lists. */
const run = (...args: readonly string[]): Promise<CliResult> =>
  cli([...args, "--dir", root], {
    env: {
      VIRT_IPI_PULUMI: pulumiOfSetup(),
      FAKE_TOKEN: TOKEN,
      XDG_STATE_HOME: state(),
      NODE_OPTIONS: `--import=${REGISTER}`,
      // The two lists are files of their own only in the sources.
      VIRT_IPI_BUILT: undefined,
    },
  });

const succeed = async (...args: readonly string[]): Promise<CliResult> => {
  const said = await run(...args);
  expect(said, said.stderr).toMatchObject({ code: 0 });
  return said;
};

const installConfig = (more = ""): Promise<void> =>
  writeFile(
    join(root, "install-config.yaml"),
    `apiVersion: v1
baseDomain: example.com
metadata: {name: files}
controlPlane: {name: master, replicas: 3, platform: {fake: {shelf: top}}}
compute: [{name: worker, replicas: 1}]
platform:
  fake:
    directory: ${machines}
    token: env:FAKE_TOKEN
${more}`,
  );

async function files(): Promise<readonly (MachineFile & { readonly name: string })[]> {
  const names: readonly string[] = await readdir(machines).catch(() => []);
  return await Promise.all(
    names.toSorted().map(async (name) => ({
      ...(JSON.parse(await readFile(join(machines, name), "utf8")) as MachineFile),
      name: name.replace(/^files-[a-z0-9]{5}-/, ""),
    })),
  );
}

describe("a platform that src/ does not know", () => {
  it("is offered, and its install-config is written from options", async () => {
    expect((await succeed("create", "install-config", "--help")).stdout).toMatch(/--fake-folder <path>[\s\S]*kvm[\s\S]*vsphere|"fake"/);
    await succeed("create", "install-config", "--name", "files", "--base-domain", "example.com", "--platform", "fake", "--fake-folder", machines);
    expect(await readFile(join(root, "install-config.yaml"), "utf8")).toContain(`# Where the machines are.\n    folder: ${machines}`);
    await succeed("validate", join(root, "install-config.yaml"));
    expect((await succeed("explain", "platform.fake.folder")).stdout).toContain("Folder of the machines' files.");
  });

  it("has its own errors with lines, warnings and defaults", async () => {
    await installConfig("    floor: 3\n");
    const wrong = await run("validate", join(root, "install-config.yaml"));
    expect(wrong.code).toBe(3);
    expect(wrong.stdout + wrong.stderr).toMatch(/platform\.fake\.floor.*unknown key/);
    await installConfig();
    const right = await succeed("validate", join(root, "install-config.yaml"));
    expect(right.stdout + right.stderr).toContain("platform.fake.directory");
  });

  it("has assets, in which its credentials are not", async () => {
    await succeed("create", "manifests");
    for (const name of await readdir(join(root, "manifests")))
      expect(await readFile(join(root, "manifests", name), "utf8"), name).not.toContain(TOKEN);
    await succeed("create", "ignition-configs");
    const metadata = JSON.parse(await readFile(join(root, "metadata.json"), "utf8")) as Record<string, unknown>;
    expect(metadata).toMatchObject({ fake: { folder: machines } });
    expect((await succeed("doctor")).stdout).toMatch(/^shelf +ok/m);
    expect((await succeed("role")).stdout).toBe("true\n");
  });

  it("is previewed, created, kept, repaired and destroyed", async () => {
    const foreseen = await succeed("preview");
    expect(foreseen.stdout).toMatch(/create/);
    expect(await files()).toEqual([]);

    // Nothing is known of how long that takes.
    expect((await succeed("create", "infra")).stderr).not.toContain("earlier run");
    expect(await files()).toEqual([
      expect.objectContaining({ name: "bootstrap", memoryMB: 1_024, shelf: "top", mac: expect.stringMatching(/^02:fa:ce:0/) as string }),
      ...[0, 1, 2].map((index) => expect.objectContaining({ name: `master-${index}`, memoryMB: 4_096, shelf: "top" }) as object),
      expect.objectContaining({ name: "worker-0", shelf: "middle" }),
    ]);

    const before = await files();
    await succeed("create", "infra");
    expect(await files()).toEqual(before);

    const [gone = ""] = (await readdir(machines)).filter((name) => name.endsWith("master-1"));
    await rm(join(machines, gone));
    await succeed("create", "infra");
    expect(await files()).toEqual(before);

    expect((await succeed("destroy", "cluster", "--dry-run")).stdout).toContain(gone);
    await writeFile(join(machines, "others"), JSON.stringify({ ...before[0], infraID: "others-abcde" }));
    await succeed("destroy", "cluster");
    expect(await readdir(machines)).toEqual(["others"]);
    expect(await readFile(join(root, ".virt-ipi", "log.jsonl"), "utf8").catch(() => "")).not.toContain(TOKEN);
  });

  it("has a time that is left, from the run before", async () => {
    await succeed("create", "manifests");
    const { json, stdout } = await succeed("create", "infra", "--output", "json");
    expect(json().filter(({ type }) => type === "estimate")[0], stdout).toMatchObject({
      phase: "create-infrastructure",
      remainingMs: expect.any(Number) as number,
      runs: 1,
      overdue: false,
    });
    const kept = await readFile(join(state(), "virt-ipi", "durations.jsonl"), "utf8");
    expect(kept.trimEnd().split("\n")).toHaveLength(2);
    expect(kept).not.toMatch(/files-|hunter2/);
    const { log, lock } = clusterFolder(root);
    await appendFile(
      log,
      `${JSON.stringify({ time: new Date().toISOString(), type: "estimate", phase: "p", remainingMs: 6e6, lowMs: 0, highMs: 6e6, runs: 3, overdue: false })}\n`,
    );
    const held = (await takeLock(lock, "create infra")) as HeldLock;
    expect((await succeed("status")).stdout).toMatch(/^ {2}about (99|100) min left, 1 to \d+ \(3 earlier runs\)$/m);
    await held.release();
    // What a run that is gone said last is no longer true.
    expect((await succeed("status")).stdout).not.toContain("earlier run");
    await succeed("destroy", "cluster");
    // One that is damaged is none, and no error.
    await writeFile(join(state(), "virt-ipi", "durations.jsonl"), kept.slice(3, 40));
    expect((await succeed("create", "infra")).stderr).not.toContain("earlier run");
    await succeed("destroy", "cluster");
  });
});

import { chmod, chown, cp, lstat, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, extname, join, relative } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { reportOf } from "../../src/cli/render/error.ts";
import { LogFile } from "../../src/cli/log-file.ts";
import type { Invocation } from "../../src/cli/invocation.ts";
import { run as validate } from "../../src/cli/validate.ts";
import { InstallerError } from "../../src/errors/index.ts";
import { Redactor, type InstallerEvent } from "../../src/events/index.ts";
import { createAssets, gather, listOwned, status, timeline, type World } from "../../src/installer/index.ts";
import { bootstrapIsComplete, clusterFolder } from "../../src/stack/index.ts";
import { findImage } from "../../src/stack/image.ts";
import { readFailedCreates, recordFailedCreates } from "../../src/stack/failed-creates.ts";
import { pulumiEnvironment, recordStack, stackOf } from "../../src/stack/environment.ts";
import { systemClock, systemEntropy } from "../../src/util/index.ts";
import { DAMAGES } from "../helpers/damage.ts";
import { shareOf } from "../helpers/share.ts";
import { kvm, yamlOf } from "../unit/config/verdicts/support.ts";

/** By far longer than any of the commands takes, also on a busy host. */
const LIMIT_MS = 180_000;
const NOBODY = 65_534;

let root: string;
/** A cluster folder with every file that a cluster may have; each case gets a copy. */
let whole: string;

/** Any file will do: it is only summed. */
const IMAGE = join(import.meta.dirname, "../../package.json");
const ENV = { PATH: "/usr/bin:/bin", HOME: "/nonexistent" };

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "virt-ipi-damage-"));
  // For the user without rights, whose turn comes below.
  await chmod(root, 0o755);
  whole = join(root, "whole", "cluster");
  await mkdir(whole, { recursive: true });
  const folder = clusterFolder(whole);
  // Nobody answers there, and nothing leaves this host.
  await writeFile(folder.installConfig, yamlOf(kvm, { "networking.machineNetwork": [{ cidr: "127.77.0.0/24" }] }));
  await inFolder(whole, (world) => createAssets(world, {}, "ignition-configs"));
  // What an update would have left besides.
  const record = await stackOf(folder, "test", ENV);
  await pulumiEnvironment(folder, record, ENV);
  await recordStack(folder, record);
  await recordFailedCreates(folder, [{ urn: "urn:pulumi:test::virt-ipi::a:b:C::d", type: "a:b:C" }]);
  await findImage({ format: "qcow2", clusterOSImage: IMAGE, folder, env: ENV });
  await writeFile(folder.bootstrapComplete, JSON.stringify({ infraID: "x", completedAt: "2026-01-01T00:00:00Z" }));
  await mkdir(join(whole, "openshift"));
  await writeFile(join(whole, "openshift", "99-own.yaml"), "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: own, namespace: default}\n");
});
afterAll(async () => await rm(root, { recursive: true, force: true }));

interface Outcome {
  /** INTERNAL for what is not ours, HANGS for what did not end. */
  readonly error?: string;
  readonly said: string;
}

async function inFolder(dir: string, work: (world: World) => Promise<unknown>): Promise<Outcome> {
  const events: InstallerEvent[] = [];
  const redactor = new Redactor();
  const folder = clusterFolder(dir);
  const log = new LogFile(folder.log, redactor, (message) => events.push({ type: "log", level: "warning", message }));
  const world: World = {
    folder,
    redactor,
    reporter: {
      emit: (event) => {
        log.emit(event);
        events.push(event);
      },
    },
    clock: systemClock,
    entropy: systemEntropy,
    env: ENV,
    signal: new AbortController().signal,
    version: "0",
    run: (file) => Promise.reject(new InstallerError("EXEC_NOT_FOUND", `there is no ${file}`)),
  };
  const late = new AbortController();
  try {
    const ended = await Promise.race([work(world), delay(LIMIT_MS, "hangs" as const, { signal: late.signal })]);
    return { ...(ended === "hangs" ? { error: "HANGS" } : {}), said: JSON.stringify([events, ended]) };
  } catch (error) {
    const report = reportOf(error);
    return { error: report.id, said: JSON.stringify([events, report, report.id === "INTERNAL" ? (error as Error).stack : ""]) };
  } finally {
    late.abort();
    log.close();
  }
}

/** What people run on a folder, in an order in which nothing hides the damage from the next. */
const COMMANDS: Readonly<Record<string, (world: World) => Promise<unknown>>> = {
  validate: async (world) => {
    const invocation: Pick<Invocation, "args" | "options" | "result" | "env"> = {
      args: [],
      options: { dir: world.folder.root },
      env: world.env,
      result: (data, render) => world.reporter.emit({ type: "log", level: "info", message: render(data) }),
    };
    await validate(invocation as Invocation);
  },
  status,
  "destroy cluster --dry-run": listOwned,
  gather: (world) => gather(world, {}),
  timeline,
  "what an update reads first": async (world) => {
    const { folder, env, reporter } = world;
    await pulumiEnvironment(folder, await stackOf(folder, "test", env), env);
    await bootstrapIsComplete(folder);
    const warn = (message: string): void => reporter.emit({ type: "log", level: "warning", message });
    await readFailedCreates(folder, warn);
    await findImage({ format: "qcow2", clusterOSImage: IMAGE, folder, env, onProgress: warn });
  },
  "create ignition-configs": (world) => createAssets(world, {}, "ignition-configs"),
};

/** Rendering takes a tenth of a second: gathering, which does it too, is tried on some. */
const GATHERED = new Set(["garbage", "a folder", "a link to it elsewhere", "a pipe"]);

/** Every file of ours, and of the others one of each folder and kind, which go the same ways. */
async function filesOf(dir: string): Promise<readonly string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(dir, join(entry.parentPath, entry.name)))
    .filter((file) => !file.startsWith("gather-"))
    .toSorted();
  const ways = Map.groupBy(files, (file) => (/^(manifests|openshift|auth)\/|\.ign$/.test(file) ? join(dirname(file), extname(file)) : file));
  return [...ways.values()].flatMap(([first]) => first ?? []);
}

/** Runs all commands on a copy with one file damaged. */
async function outcomes(file: string, damage: string): Promise<ReadonlyMap<string, Outcome>> {
  const place = await mkdtemp(join(root, "case-"));
  const dir = join(place, "cluster");
  const asNobody = damage === "unreadable" && process.getuid?.() === 0;
  try {
    await chmod(place, 0o755);
    await cp(whole, dir, { recursive: true });
    await DAMAGES[damage]?.(join(dir, file));
    if (asNobody) {
      for (const path of [place, dir, ...(await readdir(dir, { recursive: true })).map((name) => join(dir, name))]) await chown(path, NOBODY, NOBODY);
      process.setegid?.(NOBODY);
      process.seteuid?.(NOBODY);
    }
    const found = new Map<string, Outcome>();
    for (const [command, work] of Object.entries(COMMANDS))
      if (command !== "gather" || GATHERED.has(damage)) found.set(command, await inFolder(dir, work));
    return found;
  } finally {
    if (asNobody) {
      process.seteuid?.(0);
      process.setegid?.(0);
    }
    await rm(place, { recursive: true, force: true });
  }
}

it("has every file of the cluster folder in the table", async () => {
  const { root: top, own, lock, state, workspace, pulumiHome, trustBundle, kubeadminPassword, ...files } = clusterFolder(whole);
  for (const path of [top, own, lock]) expect((await lstat(path)).isDirectory(), path).toBe(true);
  // Pulumi's own, which test/integration/stack damages; and what this cluster has none of.
  expect([state, workspace, pulumiHome, trustBundle, kubeadminPassword].map((path) => relative(top, path))).toEqual([
    ".virt-ipi/state",
    ".virt-ipi/workspace",
    ".virt-ipi/pulumi",
    ".virt-ipi/ca-bundle.pem",
    "auth/kubeadmin-password",
  ]);
  for (const [name, path] of Object.entries(files)) expect((await lstat(path)).isFile(), name).toBe(true);
});

describe.each(Object.keys(DAMAGES).map((damage, index) => [damage, index] as const))("each file, %s", (damage, index) => {
  it("ends in an error with a name, or is mended with a word", { timeout: 5 * LIMIT_MS }, async () => {
    const bad: string[] = [];
    for (const file of shareOf(await filesOf(whole), index)) {
      const found = await outcomes(file, damage);
      for (const [command, { error, said }] of found)
        if (error === "INTERNAL" || error === "HANGS") bad.push(`${file}, ${command}: ${error} ${said.slice(0, 400)}`);
      if (!mayBeSilent(file, damage) && ![...found.values()].some(({ said }) => said.includes(file)))
        bad.push(`${file}: not a word ${JSON.stringify([...found])}`);
    }
    expect(bad).toEqual([]);
  });
});

/** What nobody reads: lines of a log, and the lock before the newest. A file that is missing is created again where all of it comes from the others. */
function mayBeSilent(file: string, damage: string): boolean {
  const inPlace = !/folder|link|pipe|unreadable|huge/.test(damage);
  if (file === ".virt-ipi/lock/0") return true;
  if (file === ".virt-ipi/log.jsonl" && damage === "huge") return true;
  // The line at which a kill ended a run is cut, too.
  if (file === ".virt-ipi/journal.jsonl" && /empty$|cut/.test(damage)) return true;
  // Only Pulumi can tell a wrong passphrase from the right one.
  if (file === ".virt-ipi/log.jsonl" || file === ".virt-ipi/passphrase") return inPlace;
  return damage === "missing" && !/^install-config|keys\.json$|^manifests\/|assets\.json$/.test(file);
}

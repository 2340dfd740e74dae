import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { COMMANDS } from "../../../src/cli/commands.ts";
import { cli, type CliResult } from "../../helpers/cli.ts";
import { shareOf } from "../../helpers/share.ts";

/** They reach no host: every program that would fails at once. */
const PROGRAMS = ["virsh", "ssh", "ip", "ping", "arping", "qemu-img", "pulumi", "govc"];
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  explain: ["platform.kvm"],
  completion: ["bash"],
  "wait-for bootstrap-complete": ["--timeout", "bootstrap=1s"],
  "wait-for install-complete": ["--timeout", "install=1s"],
};
const READ_ONLY = COMMANDS.filter(({ readOnly }) => readOnly === true).map(({ path }) => path);
/** Of those that write: one makes install-configs, two only what plain pulumi needs, one knows no cluster, and one works by metadata.json alone. */
const WRITE_NO_ASSETS = ["create install-config", "env", "init", "setup", "destroy cluster"];
const WRITING = COMMANDS.map(({ path }) => path).filter((path) => !READ_ONLY.includes(path) && !WRITE_NO_ASSETS.includes(path));

/** How a folder may have come to its state. */
const SCENES: Readonly<Record<string, (folder: string) => Promise<void>>> = {
  "as it was made": () => Promise.resolve(),
  "copied without dotfiles": async (folder) => await rm(join(folder, ".virt-ipi"), { recursive: true }),
  "with a damaged identity": async (folder) => await writeFile(join(folder, ".virt-ipi/identity.json"), ""),
  "with a metadata.json of another cluster": async (folder) => {
    const text = await readFile(join(folder, "metadata.json"), "utf8");
    await writeFile(join(folder, "metadata.json"), text.replaceAll(/demo-[a-z0-9]{5}/g, "other-x7k2p"));
  },
};

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "virt-ipi-read-only-"));
  await mkdir(join(root, "bin"));
  for (const name of PROGRAMS) {
    await writeFile(join(root, "bin", name), "#!/bin/sh\necho 'error: failed to connect to the hypervisor' >&2\nexit 1\n");
    await chmod(join(root, "bin", name), 0o755);
  }
  const folder = join(root, "made");
  await mkdir(folder);
  const made = await virtIpi("create install-config", folder, [
    "--name",
    "demo",
    "--base-domain",
    "example.test",
    "--libvirt-uri",
    "test:///default",
  ]);
  const assets = await virtIpi("create manifests", folder);
  if (made.code !== 0 || assets.code !== 0) throw new Error(made.stderr + assets.stderr);
  const kubeconfig = join(folder, "auth/kubeconfig");
  await writeFile(kubeconfig, (await readFile(kubeconfig, "utf8")).replaceAll(/server: https:.*/g, "server: https://127.0.0.1:1"));
});
afterAll(async () => await rm(root, { recursive: true, force: true }));

const virtIpi = async (path: string, folder: string, more: readonly string[] = []): Promise<CliResult> =>
  await cli([...path.split(" "), ...(ARGUMENTS[path] ?? []), ...more, "--dir", folder], {
    // The set-up's programs come before PATH otherwise.
    env: { PATH: `${join(root, "bin")}:${process.env["PATH"] ?? ""}`, XDG_CACHE_HOME: join(root, "cache") },
  });

/** Path, mode, time of change and text of everything in a folder. */
async function contentOf(folder: string): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const path of await readdir(folder, { recursive: true })) {
    const facts = await stat(join(folder, path));
    const text = facts.isFile() ? await readFile(join(folder, path), "base64") : "";
    found.set(path, `${facts.mode.toString(8)} ${facts.isFile() ? facts.mtimeMs : ""} ${text}`);
  }
  return found;
}

const isAllowed = (path: string): boolean =>
  path === ".virt-ipi" || path === ".virt-ipi/log.jsonl" || /^(gather-demo-[a-z0-9-]+T\d+\.tar\.gz|timeline-demo-[a-z0-9-]+T\d+\.html)$/.test(path);

async function changesBy(path: string, folder: string): Promise<{ readonly result: CliResult; readonly changed: readonly string[] }> {
  const before = await contentOf(folder);
  const result = await virtIpi(path, folder);
  const after = await contentOf(folder);
  const paths = new Set([...before.keys(), ...after.keys()]);
  return { result, changed: [...paths].filter((each) => before.get(each) !== after.get(each)) };
}

async function scene(name: string): Promise<string> {
  const folder = await mkdtemp(join(root, "scene-"));
  await cp(join(root, "made"), folder, { recursive: true, preserveTimestamps: true });
  await SCENES[name]?.(folder);
  return folder;
}

const numbered = (name: string, index: number) => [name, index] as const;

describe.each(Object.keys(SCENES).slice(0, 3).map(numbered))("in a folder %s", (name, index) => {
  it.each(shareOf(READ_ONLY, index, 3))("`%s` changes nothing but the log", async (path) => {
    const { result, changed } = await changesBy(path, await scene(name));
    expect(changed.filter((each) => !isAllowed(each))).toEqual([]);
    expect(result.stderr + result.stdout).not.toContain("INTERNAL");
  });
});

describe.each(Object.keys(SCENES).slice(1).map(numbered))("in a folder %s", (name, index) => {
  it.each(shareOf(WRITING, index, 3))("`%s` makes no new identity, and says what to do", async (path) => {
    const { result, changed } = await changesBy(path, await scene(name));
    expect(result.stderr).toMatch(/Error (IDENTITY_LOST|IDENTITY_CONFLICT)/);
    expect(changed.filter((each) => !/^\.virt-ipi(\/(log\.jsonl|journal\.jsonl|lock(\/\d+)?))?$/.test(each))).toEqual([]);
  });
});

it("a copy without dotfiles is gathered and asked for under the infraID of its metadata.json", async () => {
  const folder = await scene("copied without dotfiles");
  const { infraID } = JSON.parse(await readFile(join(folder, "metadata.json"), "utf8")) as { infraID: string };
  expect((await virtIpi("gather", folder)).stdout).toContain(`gather-${infraID}-`);
  expect((await virtIpi("status", folder)).stdout).toContain(infraID);
  // No host answers; what counts is which cluster is looked for.
  const destroyed = await virtIpi("destroy cluster", folder);
  expect(destroyed.stderr).not.toMatch(/IDENTITY|METADATA|CLUSTER_UNKNOWN/);
  expect(JSON.parse(await readFile(join(folder, "metadata.json"), "utf8"))).toMatchObject({ infraID });
});

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { parseDocument } from "yaml";
import type { SmokeStep } from "../../src/virtualization/index.ts";
import { cacheFolder } from "../../setup/paths.ts";
import { VERIFY_VM, virtualizationSettings } from "../../tools/demo-virtualization.ts";
import { BOOT_SECTOR_TEXT } from "../../tools/kubevirt-images/boot-sector.ts";
import { MachineSetsCluster } from "../helpers/machine-sets-cluster.ts";
import { kvmInstallation, type Installation } from "../helpers/kvm-installation.ts";
import { parseMarkdown, ROOT } from "../helpers/markdown.ts";

/** A cluster of guests with KubeVirt's own operators, and a virtual machine in it, which says on its console that it runs. */

const GUIDE = "docs/guide/virtual-machines.md";

let one: Installation;
let manifests = "";

beforeAll(async () => {
  manifests = await mkdtemp(join(tmpdir(), "virt-ipi-nightly-"));
  one = await kvmInstallation(await virtualizationSettings(cacheFolder(), manifests));
});
afterAll(async () => {
  await one?.dispose();
  await rm(manifests, { recursive: true, force: true });
});

const succeed = async (...args: readonly string[]): Promise<Readonly<Record<string, unknown>>> => {
  const run = await one.cli(args);
  expect(run.code, run.output).toBe(0);
  return run.events.findLast(({ type }) => type === "result") ?? {};
};
const names = async (...args: readonly string[]): Promise<string> => (await one.kubectl(["get", "--output", "name", ...args])).stdout.trim();

it("is installed with KubeVirt in one run", async () => {
  await succeed("create", "cluster");
  const { stdout } = await one.kubectl(["get", "kubevirts.kubevirt.io", "kubevirt", "--namespace", "kubevirt", "--output", "json"]);
  expect(JSON.parse(stdout)).toMatchObject({ status: { phase: "Deployed", observedKubeVirtVersion: "v1.7.0" } });
});

it("runs a machine, reads its console, restarts it, and leaves nothing of it", async () => {
  const { smokeTest } = (await succeed("verify", ...VERIFY_VM)) as { smokeTest: readonly SmokeStep[] };
  console.log(smokeTest.map(({ id, outcome, durationMs, found }) => `${id} ${outcome} ${Math.round(durationMs / 1_000)} s ${found}`).join("\n"));
  const outcomes = Object.fromEntries(smokeTest.map(({ id, outcome }) => [id, outcome]));
  expect(outcomes).toMatchObject({ node: "ok", boot: "ok", console: "ok", restart: "ok", migration: "skipped", "clean-up": "ok" });
  expect(smokeTest.find(({ id }) => id === "console")?.found).toContain(BOOT_SECTOR_TEXT);
  expect(await names("namespaces")).not.toContain("virt-ipi-verify");
  expect(await names("vmi,vm,vmim", "--all-namespaces")).toBe("");
});

it("does what the guide shows", async () => {
  const { fences } = parseMarkdown(GUIDE, await readFile(join(ROOT, GUIDE), "utf8"));
  const blocks = fences.filter(({ info }) => info === "sh run").map(({ text }) => text);
  const env = { PATH: [join(cacheFolder(), "bin"), process.env["PATH"] ?? ""].join(delimiter), KUBECONFIG: join(one.dir, "auth", "kubeconfig") };
  const printed: string[] = [];
  for (const block of blocks) printed.push((await one.host.exec(["bash", "-euo", "pipefail", "-c", block], { env, timeoutMs: 40 * 60_000 })).stdout);
  console.log(printed.join("\n"));
  expect(printed).toEqual([
    expect.stringMatching(/virtualmachine\.kubevirt\.io\/hello created[^]*condition met[^]*Running/),
    expect.stringContaining(BOOT_SECTOR_TEXT),
    expect.stringMatching(/hello was scheduled to pause[^]*condition met[^]*condition met[^]*condition met/),
    expect.stringContaining('"hello" deleted'),
  ]);
  expect(await names("vmi,vm", "--all-namespaces")).toBe("");
});

it("is without KubeVirt when that is no longer wanted", async () => {
  const path = join(one.dir, "install-config.yaml");
  const document = parseDocument(await readFile(path, "utf8"));
  document.setIn(["virtualization", "enabled"], false);
  await writeFile(path, document.toString());
  await succeed("resume");
  expect(await names("namespaces")).not.toMatch(/kubevirt/);
  expect(await names("crd")).not.toMatch(/kubevirt/);
});

it("is destroyed", async () => {
  const cluster = new MachineSetsCluster(one);
  const infraID = await cluster.infraID();
  await succeed("destroy", "cluster");
  expect(await cluster.left(infraID)).toEqual([]);
});

import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { parse, parseDocument } from "yaml";
import type { Row } from "../../src/virtualization/index.ts";
import { MachineSetsCluster } from "../helpers/machine-sets-cluster.ts";
import { nightlySize } from "../helpers/nightly-size.ts";
import { playedVirtualization } from "../helpers/played-operators.ts";

/**
 * The life of a cluster as its owner has it: installed, made larger, hurt, given virtual machines, upgraded, destroyed. With hardware acceleration it has
 * three control-plane and two compute machines, without it one of each. What it leaves for people is a timeline.
 */
const MINUTE = 60_000;
const ARTIFACTS = resolve(process.env["VIRT_IPI_ARTIFACTS"] ?? join(tmpdir(), "virt-ipi-artifacts"));

const size = await nightlySize(process.env);
let cluster: MachineSetsCluster;
let manifests = "";
let infraID = "";
let failed = false;

/** Each goes on from the one before. */
const step = (name: string, body: () => Promise<void>): void =>
  it(name, async () => {
    if (failed) throw new Error("an earlier step failed");
    failed = true;
    await body();
    failed = false;
  });

const succeed = async (...args: readonly string[]): Promise<Readonly<Record<string, unknown>>> => {
  const run = await cluster.one.cli(args);
  expect(run.code, run.output).toBe(0);
  return run.events.findLast(({ type }) => type === "result") ?? {};
};

/** The page as it is now, for people. */
async function keepTimeline(): Promise<void> {
  const { page } = (await succeed("timeline")) as { page: string };
  await mkdir(ARTIFACTS, { recursive: true });
  await copyFile(page, join(ARTIFACTS, `day-2-${basename(page)}`));
}

/** Sections `virtualization` to begin with and to upgrade to: of a file with a list of both, where images can be pulled; else played ones. */
async function virtualizations(): Promise<readonly unknown[]> {
  const file = process.env["VIRT_IPI_NIGHTLY_VIRTUALIZATION"];
  if (file !== undefined) return parse(await readFile(file, "utf8")) as unknown[];
  return [await playedVirtualization(manifests, "1.8.3"), await playedVirtualization(manifests, "1.8.4")];
}

async function setVirtualization(section: unknown): Promise<void> {
  const path = join(cluster.one.dir, "install-config.yaml");
  const document = parseDocument(await readFile(path, "utf8"));
  document.set("virtualization", section);
  await writeFile(path, document.toString());
}

/** A run that is ended by kill -9 so long after it came to a phase; one that is through it before must have ended well. */
async function killed(phase: string, afterMs: number): Promise<void> {
  const { code, output } = await cluster.one.cli(["resume"], (event, child) => {
    if (event["type"] === "phase-started" && event["phase"] === phase) setTimeout(() => child.kill("SIGKILL"), afterMs);
  });
  expect(code === null || code === 0, output).toBe(true);
}

beforeAll(async () => {
  manifests = await mkdtemp(join(tmpdir(), "virt-ipi-nightly-"));
  cluster = await MachineSetsCluster.open([
    [["controlPlane", "replicas"], size.controlPlane],
    [["compute", 0, "replicas"], size.compute],
  ]);
});
afterAll(async () => {
  // Of a failed run it is what shows where the time went, and the consoles' ends.
  if (failed) await keepTimeline().catch((error: unknown) => console.log(error));
  await cluster?.close();
  await rm(manifests, { recursive: true, force: true });
});

step(`is installed with ${size.controlPlane} control-plane and ${size.compute} compute machines`, async () => {
  await succeed("create", "cluster");
  infraID = await cluster.infraID();
  expect(await cluster.nodes("control-plane")).toHaveLength(size.controlPlane);
  expect(await cluster.nodes()).toHaveLength(size.compute);
  expect(await cluster.domains()).toEqual(await cluster.nodes());
});

step("has one compute machine more when it is scaled", async () => {
  await cluster.startController();
  await succeed("scale", "worker", String(size.compute + 1));
  expect(await cluster.nodes()).toHaveLength(size.compute + 1);
  expect(await cluster.domains()).toEqual(await cluster.nodes());
});

step("replaces a compute machine whose virtual machine is lost", async () => {
  const [lost = ""] = await cluster.domains();
  await cluster.lose(lost);
  const replaced = async (): Promise<boolean> => {
    const nodes = await cluster.nodes();
    return nodes.length === size.compute + 1 && !nodes.includes(lost);
  };
  expect(await cluster.eventually(30 * MINUTE, replaced)).toBe(true);
});

step("gets virtualization, and its next version", async () => {
  for (const section of await virtualizations()) {
    await setVirtualization(section);
    await killed("virtualization", 20_000);
    await succeed("resume");
    const { manifests: wanted } = section as { manifests?: { kubevirt: { version: string } } };
    if (wanted === undefined) continue;
    const { status } = await cluster.json<{ status: object }>("get", "kubevirts.kubevirt.io", "kubevirt", "--namespace", "kubevirt");
    expect(status).toMatchObject({ phase: "Deployed", observedKubeVirtVersion: `v${wanted.kubevirt.version}` });
  }
});

step("emulates where no node has /dev/kvm, and tells of each component how it is", async () => {
  // Where images can be pulled the operands are there too, and nodes may have /dev/kvm.
  if (process.env["VIRT_IPI_NIGHTLY_VIRTUALIZATION"] !== undefined) return;
  const { spec } = await cluster.json<{ spec: object }>("get", "kubevirts.kubevirt.io", "kubevirt", "--namespace", "kubevirt");
  expect(spec).toMatchObject({ configuration: { developerConfiguration: { useEmulation: true } } });
  const verified = await cluster.one.cli(["verify"]);
  // The played operators bring no operands: their rows say so.
  expect(verified.code, verified.output).toBe(7);
  const { rows } = verified.events.find(({ type }) => type === "result") as unknown as { rows: readonly Row[] };
  const stateOf = (kind: string, component: string): unknown => rows.find((row) => row.kind === kind && row.component === component)?.state;
  expect([stateOf("Deployment", "virt-operator"), stateOf("KubeVirt", "kubevirt"), stateOf("CDI", "cdi")]).toEqual(["ok", "ok", "ok"]);
  expect(stateOf("Deployment", "virt-api")).toBe("missing");
});

step("is on one page: phases, machines and consoles", async () => {
  await keepTimeline();
  const { page } = (await succeed("timeline")) as { page: string };
  const text = await readFile(page, "utf8");
  for (const name of [...(await cluster.domains()), `${infraID}-master-0`, "create cluster", "bootstrap-complete"]) expect(text).toContain(name);
});

step("is destroyed with all that it had", async () => {
  await cluster.stopController();
  await succeed("destroy", "cluster");
  expect(await cluster.left(infraID)).toEqual([]);
});

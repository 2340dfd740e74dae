import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { machineIgnition, makeClusterKeys, readTemplates, rendererOf, renderAssets, type RenderedAssets } from "../../src/assets/index.ts";
import { loadClusterSpec, makeIdentity, planMachines, type ClusterSpec, type MachinePlan } from "../../src/config/index.ts";
import { run } from "../../src/exec/index.ts";
import { platformFor } from "../../src/providers/index.ts";
import { clusterFolder, openStack } from "../../src/stack/index.ts";
import { sha256Of, systemClock, systemEntropy } from "../../src/util/index.ts";
import { startLibvirtHost, type LibvirtHost } from "../../tools/demo-host/index.ts";
import { writeDocuments } from "../baseline/documents.ts";
import { engineAlone } from "../engine-alone.ts";
import { compare, type Comparison } from "../measure.ts";

const SIZES = [
  { count: 1, runs: 5 },
  { count: 8, runs: 5 },
  { count: 24, runs: 3 },
] as const;
const SCRIPT = resolve(import.meta.dirname, "../baseline/create-machines.sh");
const TARGET = 1.3;

/**
 * Creating machines that stay off, network, pool and image included, through Pulumi and our plugin, against a script of virsh
 * commands; and what each further machine costs, which leaves out what starting an engine and a plugin costs once.
 */
export async function machines(): Promise<readonly Comparison[]> {
  const results: Comparison[] = [];
  for (const { count, runs } of SIZES) results.push(await measure(count, runs));
  const [fewest, most] = [results[0], results.at(-1)];
  return fewest === undefined || most === undefined ? results : [...results, further(fewest, most)];
}

function further(fewest: Comparison, most: Comparison): Comparison {
  const step = SIZES[2].count - SIZES[0].count;
  const oursMedianMs = (most.oursMedianMs - fewest.oursMedianMs) / step;
  const baselineMedianMs = (most.baselineMedianMs - fewest.baselineMedianMs) / step;
  return {
    name: "machines-each-further",
    ours: "one more machine by the Pulumi program",
    baseline: "one more machine by virsh",
    oursMs: [],
    baselineMs: [],
    oursMedianMs,
    baselineMedianMs,
    ratio: oursMedianMs / baselineMedianMs,
    target: TARGET,
  };
}

/** What a run has to itself: a libvirt of its own, so that nothing of the run before is in the way, and a folder. */
interface Scene {
  readonly host: LibvirtHost;
  readonly folder: string;
}

async function measure(count: number, runs: number): Promise<Comparison> {
  const work = await mkdtemp(join(tmpdir(), "bench-"));
  let scene: Scene | undefined;
  let number = 0;
  const open = async (): Promise<Scene> => {
    const name = `vb-${process.pid}-${++number}`;
    const folder = await mkdtemp(join(work, "run-"));
    return (scene = { host: await startLibvirtHost({ netns: name, dir: join("/tmp", name) }), folder });
  };
  const close = async (): Promise<void> => {
    await scene?.host.dispose();
    scene = undefined;
  };
  const current = (): Scene => {
    if (scene === undefined) throw new Error("no libvirt runs");
    return scene;
  };
  try {
    const image = join(work, "image.qcow2");
    await run("qemu-img", ["create", "-f", "qcow2", image, "8G"]);
    const { rendered, spec } = await clusterAssets(count, "qemu:///system");
    const worker = rendered.assets.get("worker.ign")?.content ?? "";
    const sha256 = await sha256Of(image);
    let resources = 0;
    return await compare({
      name: `machines-${count}`,
      runs,
      target: TARGET,
      floor: engineAlone(() => resources),
      ours: {
        title: `${count} machines by the Pulumi program`,
        before: open,
        run: async () => (resources = await createByPulumi(current(), spec, rendered, { path: image, sha256 }, count)),
        after: close,
      },
      baseline: {
        title: `${count} machines by virsh`,
        before: async () => writeDocuments((await open()).folder, count, image, worker),
        run: async () => current().host.exec([SCRIPT, current().folder, String(count)]),
        after: close,
      },
    });
  } finally {
    await close();
    await rm(work, { recursive: true, force: true });
  }
}

async function clusterAssets(count: number, uri: string): Promise<{ readonly spec: ClusterSpec; readonly rendered: RenderedAssets }> {
  const installConfig = `apiVersion: v1
metadata: { name: bench }
baseDomain: example.com
controlPlane: { name: master, replicas: 1 }
compute: [{ name: worker, replicas: ${count - 1} }]
platform: { kvm: { uri: "${uri}", defaultMachinePlatform: { cpus: 2, memoryMB: 4096, osDisk: { diskSizeGB: 10 } } } }
`;
  const spec = loadClusterSpec(installConfig);
  const renderer = rendererOf(spec);
  const templates = await readTemplates(resolve(import.meta.dirname, "../../templates"));
  const keys = await makeClusterKeys(renderer, systemEntropy);
  const identity = makeIdentity(spec.name, systemClock, systemEntropy);
  return { spec, rendered: await renderAssets({ spec, identity, keys, installConfig, templates }) };
}

/** @returns how many resources it made, the stack not counted */
async function createByPulumi(
  scene: Scene,
  written: ClusterSpec,
  { assets, start }: RenderedAssets,
  image: { path: string; sha256: string },
  count: number,
): Promise<number> {
  const { platform } = written;
  if (platform.name !== "kvm") throw new Error("the benchmark is for kvm");
  const spec: ClusterSpec = { ...written, platform: { ...platform, uri: scene.host.uri } };
  const identity = makeIdentity(spec.name, systemClock, systemEntropy);
  const driver = await openStack({
    folder: clusterFolder(scene.folder),
    clusterName: spec.name,
    reporter: { emit: () => undefined },
    clock: systemClock,
    signal: new AbortController().signal,
    env: process.env,
  });
  const plans = planMachines(spec, identity).filter((machine) => machine.role !== "bootstrap");
  const ignition = (machine: MachinePlan): string => machineIgnition({ assets, spec, start, bootstrapping: true }, machine);
  const { changes } = await driver.up(async () => {
    const { signal } = new AbortController();
    await platformFor("kvm").program({
      run,
      signal,
      env: process.env,
      spec,
      identity,
      machines: plans,
      planned: planMachines(spec, identity),
      ignition,
      clusterDir: scene.folder,
      image,
      powerOn: false,
    });
    return {};
  });
  const { stdout } = await scene.host.exec(["virsh", "--quiet", "list", "--all", "--name"]);
  const made = stdout.split("\n").filter((line) => line.trim() !== "").length;
  if (made !== count) throw new Error(`${made} machines were made, not ${count}`);
  return (changes.create ?? 1) - 1;
}

import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../src/exec/index.ts";
import { makeOva } from "../../setup/node-image/ova.ts";
import { engineAlone } from "../engine-alone.ts";
import { compare, type Comparison, type Side } from "../measure.ts";
import { openScene, type Scene } from "./vsphere-scene.ts";

const CLONES = [
  { count: 4, runs: 3 },
  { count: 25, runs: 3 },
  { count: 100, runs: 1 },
] as const;
const CLONE_TARGET = 1.5;
const DESTROYED = 25;
const IMPORT_MB = 512;
const IMPORT_TARGET = 1.2;

/**
 * On a vCenter simulator: tag, folder, template and machines through Pulumi and the vSphere plugin against a script of govc
 * commands; taking them away again; and the import of a template against a plain upload of the same bytes.
 */
export async function vsphere(): Promise<readonly Comparison[]> {
  const work = await mkdtemp(join(tmpdir(), "bench-ova-"));
  try {
    const small = await noiseOva(work, "small", 1);
    const results: Comparison[] = [];
    for (const { count, runs } of CLONES) results.push(await clones(small, count, runs));
    const [fewest, most] = [results[0], results.at(-1)];
    if (fewest !== undefined && most !== undefined) results.push(further(fewest, most));
    results.push(await destruction(small), await templateImport(await noiseOva(work, "large", IMPORT_MB)));
    return results;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function clones(image: string, count: number, runs: number): Promise<Comparison> {
  const check = async (scene: Scene): Promise<void> => {
    // The template is one of them.
    const made = (await scene.count()) - 1;
    if (made !== count) throw new Error(`${made} machines were made, not ${count}`);
  };
  let resources = 0;
  return compare({
    name: `vsphere-machines-${count}`,
    runs,
    target: CLONE_TARGET,
    floor: engineAlone(() => resources),
    ours: inScene(`${count} machines by the Pulumi program`, image, count, async (scene) => {
      resources = await scene.create(count);
      await check(scene);
    }),
    baseline: inScene(`${count} machines by govc`, image, count, async (scene) => {
      await scene.script("clone-machines.sh", scene.folder, String(count));
      await check(scene);
    }),
  });
}

/** What each further machine costs: leaves out what starting an engine and two plugins costs once. */
function further(fewest: Comparison, most: Comparison): Comparison {
  const step = CLONES[2].count - CLONES[0].count;
  const oursMedianMs = (most.oursMedianMs - fewest.oursMedianMs) / step;
  const baselineMedianMs = (most.baselineMedianMs - fewest.baselineMedianMs) / step;
  return {
    name: "vsphere-machines-each-further",
    ours: "one more machine by the Pulumi program",
    baseline: "one more machine by govc",
    oursMs: [],
    baselineMs: [],
    oursMedianMs,
    baselineMedianMs,
    ratio: oursMedianMs / baselineMedianMs,
    target: CLONE_TARGET,
  };
}

function destruction(image: string): Promise<Comparison> {
  const destroyed = async (scene: Scene): Promise<void> => {
    const left = await scene.count();
    if (left !== 0) throw new Error(`${left} machines are left`);
  };
  return compare({
    name: `vsphere-destroy-${DESTROYED}`,
    runs: 3,
    ours: inScene(
      `destroying ${DESTROYED} machines by Pulumi`,
      image,
      DESTROYED,
      async (scene) => {
        await scene.destroy();
        await destroyed(scene);
      },
      (scene) => scene.create(DESTROYED),
    ),
    baseline: inScene(
      `destroying ${DESTROYED} machines by govc`,
      image,
      DESTROYED,
      async (scene) => {
        await scene.script("destroy-machines.sh", String(DESTROYED));
        await destroyed(scene);
      },
      (scene) => scene.script("clone-machines.sh", scene.folder, String(DESTROYED)),
    ),
  });
}

function templateImport(image: string): Promise<Comparison> {
  let resources = 0;
  return compare({
    name: "vsphere-import",
    runs: 3,
    target: IMPORT_TARGET,
    floor: engineAlone(() => resources),
    ours: inScene(`tag, folder and a template of ${IMPORT_MB} MB by the Pulumi program`, image, 1, async (scene) => {
      resources = await scene.create(0);
    }),
    baseline: inScene(`${IMPORT_MB} MB uploaded over HTTPS`, image, 1, (scene) =>
      scene.govc("datastore.upload", "-ds=LocalDS_0", image, "bench.ova"),
    ),
  });
}

/** A side whose every run has a vCenter of its own. */
function inScene(
  title: string,
  image: string,
  machines: number,
  work: (scene: Scene) => Promise<unknown>,
  prepare?: (scene: Scene) => Promise<unknown>,
): Side {
  let scene: Scene | undefined;
  const current = (): Scene => {
    if (scene === undefined) throw new Error("no vCenter runs");
    return scene;
  };
  return {
    title,
    before: async () => {
      scene = await openScene(image, machines);
      await prepare?.(scene);
    },
    run: () => work(current()),
    after: async () => {
      await scene?.[Symbol.asyncDispose]();
      scene = undefined;
    },
  };
}

/** Noise does not compress away, so that the OVA has about the size of its disk. */
async function noiseOva(folder: string, name: string, megabytes: number): Promise<string> {
  const [image, to] = [join(folder, `${name}.raw`), join(folder, `${name}.ova`)];
  await writeFile(image, randomBytes(megabytes * 2 ** 20));
  await makeOva({ run, image, to });
  await rm(image);
  return to;
}

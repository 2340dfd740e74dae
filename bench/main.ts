import { writeFile } from "node:fs/promises";
import { availableParallelism, cpus, totalmem } from "node:os";
import { join } from "node:path";
import { messageOf } from "../src/errors/index.ts";
import { readTextIfExists } from "../src/util/index.ts";
import { actuator } from "./cases/actuator.ts";
import { assets } from "./cases/assets.ts";
import { machineLoad } from "./cases/machine-load.ts";
import { machines } from "./cases/machines.ts";
import { powerOn } from "./cases/power-on.ts";
import { openshiftAssets } from "./cases/openshift-assets.ts";
import { objects } from "./cases/objects.ts";
import { startup } from "./cases/startup.ts";
import { vsphere } from "./cases/vsphere.ts";
import type { Comparison } from "./measure.ts";
import { merged, type Measured, type Results } from "./results.ts";

/** `npm run bench [-- NAME…]`: measures ours against the plainest way to the same end; puts what it has measured into bench/results.json. */

const CASES: Readonly<Record<string, () => Promise<readonly Comparison[]>>> = {
  startup,
  assets,
  "openshift-assets": openshiftAssets,
  machines,
  actuator,
  "machine-load": machineLoad,
  "power-on": powerOn,
  objects,
  vsphere,
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in CASES));
if (unknown.length > 0) {
  console.error(`no case ${unknown.join(", ")}; there are: ${Object.keys(CASES).join(", ")}`);
  process.exit(2);
}

const HOST = `${cpus()[0]?.model ?? "unknown"}, ${availableParallelism()} processors, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
const RESULTS = join(import.meta.dirname, "results.json");

let missed = false;
for (const [name, measure] of Object.entries(CASES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const comparisons: Comparison[] = [];
  let cause: string | undefined;
  try {
    for (const comparison of await measure()) {
      comparisons.push(comparison);
      missed ||= comparison.target !== undefined && comparison.ratio > comparison.target;
      console.log(line(comparison));
    }
  } catch (error) {
    missed = true;
    cause = messageOf(error);
    console.error(`${name}: not measured: ${cause}`);
  }
  // After each case: all of them take half an hour.
  await save({ name, measuredAt: new Date().toISOString(), host: HOST, comparisons, ...(cause === undefined ? {} : { cause }) });
}
process.exitCode = missed ? 1 : 0;

async function save(measured: Measured): Promise<void> {
  const before = await readTextIfExists(RESULTS);
  const results = merged(before === undefined ? undefined : (JSON.parse(before) as Results), measured, Object.keys(CASES));
  await writeFile(RESULTS, `${JSON.stringify(results, null, 2)}\n`);
}

function line({ name, unit, ours, baseline, oursMedianMs, baselineMedianMs, ratio, target, floor }: Comparison): string {
  const verdict = target === undefined ? "" : ratio <= target ? `, target ${target}: met` : `, target ${target}: MISSED`;
  const figure = (value: number): string => (unit === undefined ? seconds(value) : `${value.toFixed(1).padStart(8)} ${unit}`);
  const rows = [
    [oursMedianMs, ours] as const,
    [baselineMedianMs, baseline] as const,
    ...(floor === undefined ? [] : [[floor.medianMs, floor.title] as const]),
  ];
  return [`${name}: ${ratio.toFixed(2)} times the baseline${verdict}`, ...rows.map(([ms, title]) => `  ${figure(ms)}  ${title}`)].join("\n");
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(3).padStart(8)} s`;
}

import { figures, type Comparison } from "../measure.ts";
import { createAlone, MAX_CREATES } from "./counted-actuator.ts";
import { LoadSite } from "./machine-load-site.ts";

/** Machines in all sets, one size after the other; `VIRT_IPI_BENCH_SIZES=20,60,100` tries it with fewer. */
const SIZES = (process.env["VIRT_IPI_BENCH_SIZES"] ?? "100,600,1000").split(",").map(Number) as [number, number, number];

/**
 * 1,000 Machines in 20 MachineSets, by the real controllers and a real API server, on a played libvirt. Memory and requests for each Machine must not grow
 * with their number, no more than `MAX_CREATES` are created at once, and when all are there nothing changes.
 * @throws Error when more are created at once, or something changes
 */
export async function machineLoad(): Promise<readonly Comparison[]> {
  const [few, more, all] = SIZES;
  await using site = await LoadSite.open();
  await site.scale(few);
  const small = await site.usage();
  const began = performance.now();
  await site.scale(more);
  const upMs = performance.now() - began;
  const before = await site.usage();
  await site.scale(all);
  const large = await site.usage();
  await site.provesSteady();
  if (site.mostCreates > MAX_CREATES) throw new Error(`${site.mostCreates} machines were created at once, and ${MAX_CREATES} may be`);
  const aloneMs = await createAlone(more - few);
  const each = (key: "memoryKiB" | "requests"): readonly [number, number] => [
    (large[key] - small[key]) / (all - few),
    (small[key] - site.empty[key]) / few,
  ];
  return [
    figures(
      {
        name: "machine-load-up",
        ours: `${more - few} Machines by MachineSets, until each has its machine`,
        baseline: `${more - few} machines by the actuator alone, ${MAX_CREATES} at once`,
      },
      upMs,
      aloneMs,
    ),
    figures(
      {
        name: "machine-load-memory",
        unit: "KiB",
        ours: `the controllers' heap for each Machine from ${few} to ${all}`,
        baseline: `for each of the first ${few}`,
        target: 1.3,
      },
      ...each("memoryKiB"),
    ),
    figures(
      {
        name: "machine-load-requests",
        unit: "requests",
        ours: `requests to the API for each Machine from ${more} to ${all}`,
        baseline: `for each of the first ${few}`,
        target: 1.3,
      },
      (large.requests - before.requests) / (all - more),
      each("requests")[1],
    ),
  ];
}

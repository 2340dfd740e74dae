import { readdir } from "node:fs/promises";
import { poll, type Probe, type ProcessStat, statOf } from "../util/index.ts";
import type { ClusterFolder } from "./cluster-folder.ts";
import { environmentOf, isOfCluster, isPulumi, sendSignal } from "./processes.ts";

type Process = Pick<ProcessStat, "startTime"> & { readonly pid: number };

/** Our own plugin undoes what it is at for so long when its engine goes. */
const OWN_END_MS = 5_000;

/**
 * Ends the plugins of this cluster whose engine was killed. One that waits for an answer that never comes would stay for minutes, and might still
 * make what the next run thinks is not there. Does nothing where there is no /proc.
 */
export async function endOrphanedPlugins(folder: ClusterFolder, signal: AbortSignal): Promise<void> {
  const plugins = await orphanedPlugins(folder);
  for (const name of ["SIGTERM", "SIGKILL"] as const) {
    if (await haveEnded(plugins, signal)) return;
    for (const { pid } of await living(plugins)) sendSignal(pid, name);
  }
}

/** Recognized by the environment that the driver gave their engine, which is no longer their parent. */
async function orphanedPlugins(folder: ClusterFolder): Promise<readonly Process[]> {
  const found: Process[] = [];
  for (const pid of (await readdir("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name)).map(Number)) {
    if (!(await isOfCluster(await environmentOf(pid), folder.root))) continue;
    const stat = await statOf(pid);
    if (stat === undefined || (await isPulumi(pid)) || (await isPulumi(stat.parent))) continue;
    found.push({ pid, startTime: stat.startTime });
  }
  return found;
}

async function haveEnded(plugins: readonly Process[], signal: AbortSignal): Promise<boolean> {
  const probe = async (): Promise<Probe<undefined>> => {
    const left = await living(plugins);
    return left.length === 0 ? { done: true, value: undefined } : { done: false, reason: `${left.length} plugins of a killed run still run` };
  };
  return (await poll(probe, { intervalMs: 100, timeoutMs: OWN_END_MS, signal })).outcome === "done";
}

async function living(plugins: readonly Process[]): Promise<readonly Process[]> {
  const now = await Promise.all(plugins.map(async ({ pid }) => await statOf(pid)));
  return plugins.filter(({ startTime }, index) => now[index]?.startTime === startTime && now[index].state !== "Z");
}

import { bootstrapIsComplete, clusterProgram, imageOf, type PreparedCluster } from "../../stack/index.ts";
import { ClusterUpdate } from "../cluster-update.ts";
import { clusterOf, type Context } from "../context.ts";
import { besideInstallation } from "../machine-controller.ts";
import { knownOf } from "../known-cluster.ts";
import { openSignedIn } from "../open-driver.ts";
import type { Phase } from "../phase.ts";

export const createInfrastructure: Phase = {
  id: "create-infrastructure",
  title: "Create network, bootstrap and control-plane machines",
  run: async (context) => {
    const cluster = clusterOf(context);
    if (cluster.spec.machineManagement === "MachineSets") context.stopMachineController ??= besideInstallation(context, cluster);
    context.update = await startUpdate(context, cluster, "full");
    await context.update.reach("infrastructure", cluster.spec.timeouts.infrastructure);
    return "done";
  },
};

export const createMachinesOnly: Phase = {
  id: "create-infrastructure",
  title: "Create network and machines",
  run: async (context) => {
    const update = await startUpdate(context, clusterOf(context), "infra");
    await update.result();
    return "done";
  },
};

/** Starts one update of the cluster as its folder says it is now. */
export async function startUpdate(context: Context, cluster: PreparedCluster, mode: "full" | "infra"): Promise<ClusterUpdate> {
  const limit = new AbortController();
  const signal = AbortSignal.any([context.signal, limit.signal]);
  const driver = await openSignedIn(context, knownOf(cluster), signal);
  const image = await imageOf(cluster, {
    env: context.env,
    signal,
    onProgress: (reason) => context.reporter.emit({ type: "waiting", subject: "image", reason, elapsedMs: 0 }),
  });
  const bootstrap = !(await bootstrapIsComplete(cluster.folder));
  const program = async (): Promise<Record<string, unknown>> => ({
    ...(await clusterProgram({ cluster, mode, image, bootstrap, env: context.env, signal })),
  });
  return new ClusterUpdate(driver, program, bootstrap, limit);
}

import { access } from "node:fs/promises";
import { join } from "node:path";
import { MACHINE_CONTROLLER_KUBECONFIG } from "../../assets/index.ts";
import { InstallerError, isInstallerError } from "../../errors/index.ts";
import { connectKube, explainApiError } from "../../kube/index.ts";
import { livingController } from "../../machines/index.ts";
import { readTextIfExists } from "../../util/index.ts";
import type { Context } from "../context.ts";
import type { KnownCluster } from "../known-cluster.ts";
import type { Phase } from "../phase.ts";
import { localControllers } from "./runtime-folder.ts";
import { removeUnit } from "./service.ts";
import { unitFolders, type UnitFolders } from "./systemd.ts";

const REQUEST_TIMEOUT_MS = 5_000;

/**
 * Nobody may create machines while they are removed: the unit of this host goes with its cluster, and anything else that acts on the cluster's
 * Machines must be stopped by whoever started it.
 */
export const stopMachineController = ({ infraID }: Pick<KnownCluster, "infraID">, folders?: UnitFolders): Phase => ({
  id: "stop-machine-controller",
  title: "Stop the machine controller",
  run: async (context) => {
    const controller = join(context.folder.root, MACHINE_CONTROLLER_KUBECONFIG);
    const isNeeded = await access(controller).then(
      () => true,
      () => false,
    );
    if (!isNeeded) return { skipped: "the cluster creates no machines itself" };
    const { removed, unit } = await removeOwnUnit(context, infraID, folders ?? unitFolders(context.env));
    if (removed) context.reporter.emit({ type: "log", level: "info", message: `stopped and removed ${unit}` });
    for (const { pid, running } of await localControllers(infraID, context.env))
      if (running) throw runs(`process ${pid} on this host`, `Stop it: kill ${pid}. Then run this command again.`);
    const holder = await holderOf(context);
    if (holder !== undefined) throw runs(holder, "Stop it on its host, where `virt-ipi machine-controller uninstall` removes its unit.");
    return "done";
  },
});

/** A unit that is there without a systemd runs nothing. */
async function removeOwnUnit(context: Context, infraID: string, folders: UnitFolders): ReturnType<typeof removeUnit> {
  try {
    return await removeUnit(context, { infraID }, folders);
  } catch (error) {
    context.signal.throwIfAborted();
    if (!isInstallerError(error) || error.id !== "SYSTEMD_MISSING") throw error;
    context.reporter.emit({ type: "log", level: "warning", message: `the unit of the machine controller is left: ${error.message}` });
    return { unit: "", removed: false };
  }
}

/** Who acts on Machines now; a cluster that does not answer has nobody who does. */
async function holderOf({ folder, clock, reporter, signal }: Context): Promise<string | undefined> {
  const kubeconfig = await readTextIfExists(folder.kubeconfig);
  if (kubeconfig === undefined) return undefined;
  try {
    const client = await connectKube({ kubeconfig, requestTimeoutMs: REQUEST_TIMEOUT_MS });
    try {
      return await livingController(client, clock, signal);
    } finally {
      client.close();
    }
  } catch (error) {
    signal.throwIfAborted();
    reporter.emit({ type: "log", level: "debug", message: `the cluster does not say whether a machine controller runs: ${explainApiError(error)}` });
    return undefined;
  }
}

const runs = (who: string, advice: string): InstallerError =>
  new InstallerError("MACHINE_CONTROLLER_RUNS", `a machine controller of this cluster runs: ${who}`, { value: who, advice });

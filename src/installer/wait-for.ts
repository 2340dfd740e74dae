import { plannedAddresses, reservedAddresses } from "../config/index.ts";
import { InstallerError, messageOf } from "../errors/index.ts";
import { connectKube } from "../kube/index.ts";
import { consoleSigns, waitForBootstrapComplete, waitForInstallComplete } from "../cluster/index.ts";
import { loadCluster, type PreparedCluster } from "../stack/index.ts";
import { readTextIfExists } from "../util/index.ts";
import { warnOnce } from "./config-warnings.ts";
import type { Options, World } from "./context.ts";
import { knownOf } from "./known-cluster.ts";
import { openDriver } from "./open-driver.ts";

export interface Reached {
  readonly reached: "bootstrap-complete" | "install-complete";
  readonly elapsedMs: number;
}

/**
 * Waits on the live API alone, without Pulumi and without machines of ours: for clusters whose machines someone else makes, too. Writes nothing.
 * Only where we made machines whose addresses are not planned, the state is asked for those.
 * @throws InstallerError CLUSTER_UNKNOWN, BOOTSTRAP_TIMEOUT, INSTALL_TIMEOUT, GUEST_… when a console shows that it cannot succeed
 */
export async function waitFor(world: World, options: Options, what: Reached["reached"]): Promise<Reached> {
  const { folder, clock, redactor, signal, reporter } = world;
  const cluster = await loadCluster({
    folder,
    timeouts: options.timeouts,
    onSecret: (secret) => redactor.add(secret),
    onWarning: warnOnce({ reporter }),
  });
  const kubeconfig = (await readTextIfExists(folder.kubeconfig)) ?? "";
  const { spec, machines, metadata } = cluster;
  const consoles = consoleSigns(
    machines.map(({ name }) => name),
    metadata,
    world,
  );
  const bootstrap = what === "bootstrap-complete";
  const timeoutError = bootstrap ? "BOOTSTRAP_TIMEOUT" : "INSTALL_TIMEOUT";
  const timeoutMs = bootstrap ? spec.timeouts.bootstrap : spec.timeouts.install;
  const result = await (bootstrap ? waitForBootstrapComplete : waitForInstallComplete)({
    connect: () => connectKube({ kubeconfig }),
    machines,
    clusterDomain: spec.clusterDomain,
    machineNetwork: spec.networking.machineNetwork,
    reserved: reservedAddresses(spec),
    found: await foundAddresses(world, options, cluster),
    timeoutMs,
    signal,
    clock,
    onWait: ({ reason, elapsedMs }) => reporter.emit({ type: "waiting", subject: what, reason, elapsedMs }),
    onWarning: (message) => reporter.emit({ type: "log", level: "warning", message }),
    consoleSigns: consoles.read,
  });
  if (result.outcome === "timeout") throw new InstallerError(timeoutError, `${result.stage}: ${result.lastReason}`, { value: result.stage });
  if (result.outcome === "failed")
    throw new InstallerError(consoles.errorOf(result.machine) ?? timeoutError, `${result.machine}: ${result.cause}`, {
      value: result.machine,
      details: [`while waiting for ${result.stage}`],
    });
  return { reached: what, elapsedMs: result.elapsedMs };
}

/** As the last update told them, where not all are planned. None of machines that others made: their serving certificates are left to the user. */
async function foundAddresses(
  world: World,
  options: Options,
  cluster: Pick<PreparedCluster, "spec" | "identity" | "platform" | "metadata" | "machines">,
): Promise<ReadonlyMap<string, string>> {
  const { folder, reporter, signal } = world;
  const nodes = cluster.machines.filter(({ role }) => role !== "bootstrap");
  if (nodes.every((node) => plannedAddresses(node).length > 0) || (await readTextIfExists(folder.stack)) === undefined) return new Map();
  try {
    return await (await openDriver({ ...world, options }, knownOf(cluster))).addresses();
  } catch (error) {
    signal.throwIfAborted();
    const message = `serving certificates are left alone, as the state does not tell the machines' addresses: ${messageOf(error)}`;
    reporter.emit({ type: "log", level: "warning", message });
    return new Map();
  }
}

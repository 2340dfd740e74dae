import { isInstallable, plannedAddresses, reservedAddresses } from "../config/index.ts";
import { messageOf } from "../errors/index.ts";
import { connectKube } from "../kube/index.ts";
import { clusterMachineOf, type Milestone, reachMilestone } from "../cluster/index.ts";
import { loadCluster, type PreparedCluster, readCluster } from "../stack/index.ts";
import { readTextIfExists } from "../util/index.ts";
import { warnOnce } from "./config-warnings.ts";
import type { Options, World } from "./context.ts";
import { knownOf } from "./known-cluster.ts";
import { openDriver } from "./open-driver.ts";
import type { Reached } from "./reached.ts";
import { waitForOpenShift } from "./wait-for-openshift.ts";

/**
 * Waits on the live API alone, without Pulumi and without our own machines: for clusters whose machines someone else makes, too. Writes nothing.
 * Only where we made machines whose addresses are not planned, the state is asked for those.
 * @throws InstallerError CLUSTER_UNKNOWN, BOOTSTRAP_TIMEOUT, INSTALL_TIMEOUT, GUEST_… when a console shows that it cannot succeed
 */
export async function waitFor(world: World, options: Options, what: Milestone): Promise<Reached> {
  const { folder, clock, redactor, run, signal, reporter } = world;
  const reading = { env: world.env, timeouts: options.timeouts, onWarning: warnOnce({ reporter }) };
  const kubeconfig = (await readTextIfExists(folder.kubeconfig)) ?? "";
  const read = kubeconfig === "" ? undefined : await readCluster(folder, reading);
  if (read !== undefined && !isInstallable(read.spec.distribution)) return await waitForOpenShift(world, read.spec, kubeconfig, what);
  const cluster = await loadCluster({ folder, ...reading, read, onSecret: (secret) => redactor.add(secret) });
  const { spec, machines, metadata } = cluster;
  const bootstrap = what === "bootstrap-complete";
  const result = await reachMilestone(what, {
    connect: () => connectKube({ kubeconfig }),
    machines: machines.map(clusterMachineOf),
    clusterDomain: spec.clusterDomain,
    machineNetwork: spec.networking.machineNetwork,
    reserved: reservedAddresses(spec),
    found: await foundAddresses(world, options, cluster),
    consoles: metadata,
    timeoutMs: bootstrap ? spec.timeouts.bootstrap : spec.timeouts.install,
    run,
    env: world.env,
    signal,
    clock,
    onWait: ({ reason, elapsedMs }) => reporter.emit({ type: "waiting", subject: what, reason, elapsedMs }),
    onWarning: (message) => reporter.emit({ type: "log", level: "warning", message }),
  });
  if (result.outcome === "timeout") throw result.error;
  return { reached: what, elapsedMs: result.elapsedMs, kubeconfig: folder.kubeconfig };
}

/** As the last update reported them, where not all are planned. None of machines that others made: their serving certificates are left to the user. */
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
    const message = `serving certificates are left alone, as the state does not contain the machines' addresses: ${messageOf(error)}`;
    reporter.emit({ type: "log", level: "warning", message });
    return new Map();
  }
}

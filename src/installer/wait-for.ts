import { InstallerError } from "../errors/index.ts";
import { connectKube, waitForBootstrapComplete, waitForInstallComplete, type WaitResult } from "../kube/index.ts";
import { loadCluster } from "../stack/index.ts";
import { readTextIfExists } from "../util/index.ts";
import type { Options, World } from "./context.ts";

/**
 * Waits on the live API alone, without Pulumi and without machines of ours: for clusters whose machines someone else makes, too.
 * @throws InstallerError CLUSTER_UNKNOWN, BOOTSTRAP_TIMEOUT, INSTALL_TIMEOUT
 */
export async function waitFor(world: World, options: Options, what: "bootstrap-complete" | "install-complete"): Promise<void> {
  const { folder, clock, entropy, redactor, signal, reporter } = world;
  const cluster = await loadCluster({
    folder,
    clock,
    entropy,
    ...(options.timeouts === undefined ? {} : { timeouts: options.timeouts }),
    onSecret: (secret) => redactor.add(secret),
  });
  const kubeconfig = (await readTextIfExists(folder.kubeconfig)) ?? "";
  const { spec, machines } = cluster;
  const bootstrap = what === "bootstrap-complete";
  const timeoutMs = bootstrap ? spec.timeouts.bootstrap : spec.timeouts.install;
  const result = await (bootstrap ? waitForBootstrapComplete : waitForInstallComplete)({
    connect: () => connectKube({ kubeconfig }),
    machines,
    clusterDomain: spec.clusterDomain,
    machineNetwork: spec.networking.machineNetwork,
    vips: [...spec.vips.api, ...spec.vips.ingress],
    timeoutMs,
    signal,
    clock,
    onWait: ({ reason, elapsedMs }) => reporter.emit({ type: "waiting", subject: what, reason, elapsedMs }),
    onWarning: (message) => reporter.emit({ type: "log", level: "warning", message }),
  });
  if (result.outcome !== "done") throw failure(result, bootstrap);
  reporter.emit({
    type: "result",
    text: bootstrap ? "Bootstrapping is complete." : "The installation is complete.",
    data: { reached: what, elapsedMs: result.elapsedMs },
  });
}

function failure(result: Exclude<WaitResult, { outcome: "done" }>, bootstrap: boolean): InstallerError {
  const cause = result.outcome === "timeout" ? result.lastReason : `${result.machine}: ${result.cause}`;
  return new InstallerError(bootstrap ? "BOOTSTRAP_TIMEOUT" : "INSTALL_TIMEOUT", `${result.stage}: ${cause}`, { value: result.stage });
}

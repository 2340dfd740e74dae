import { reachMilestone, consoleUrl, type Milestone } from "../cluster/index.ts";
import type { ClusterSpec } from "../config/index.ts";
import { InstallerError, messageOf } from "../errors/index.ts";
import { connectKube } from "../kube/index.ts";
import type { World } from "./context.ts";
import type { Reached } from "./reached.ts";

/**
 * Waits for OpenShift on machines that the user has started: all that it takes is the kubeconfig. Writes nothing, and approves nothing.
 * @throws InstallerError BOOTSTRAP_TIMEOUT, INSTALL_TIMEOUT
 */
export async function waitForOpenShift(
  world: World,
  { timeouts }: Pick<ClusterSpec, "timeouts">,
  kubeconfig: string,
  what: Milestone,
): Promise<Reached> {
  const { folder, clock, redactor, run, signal, reporter, env } = world;
  redactor.add(kubeconfig);
  const result = await reachMilestone(what, {
    openshift: true,
    connect: () => connectKube({ kubeconfig }),
    machines: [],
    clusterDomain: "",
    machineNetwork: [],
    consoles: undefined,
    timeoutMs: what === "bootstrap-complete" ? timeouts.bootstrap : timeouts.install,
    run,
    env,
    signal,
    clock,
    onWait: ({ reason, elapsedMs }) => reporter.emit({ type: "waiting", subject: what, reason, elapsedMs }),
  });
  if (result.outcome === "timeout") throw withAdvice(result.error, what);
  const reached: Reached = { reached: what, elapsedMs: result.elapsedMs, kubeconfig: folder.kubeconfig };
  if (what === "bootstrap-complete") return { ...reached, bootstrapMachine: "yours" };
  const url = await consoleOf(world, kubeconfig);
  return url === undefined ? reached : { ...reached, console: url };
}

/** Here is no run that could be resumed, and no machine that could be looked into. */
const withAdvice = ({ id, message, value }: InstallerError, what: Milestone): InstallerError => {
  const look =
    what === "bootstrap-complete"
      ? "Look at the journal of the units `release-image` and `bootkube` on the bootstrap machine"
      : "Look at what the last cause names (`kubectl get clusteroperators,certificatesigningrequests`)";
  return new InstallerError(id, message, { value, advice: `${look}, then run \`virt-ipi wait-for ${what}\` again to continue waiting.` });
};

/** A help: whoever has no console, or cannot be asked just now, gets none. */
async function consoleOf({ reporter, signal }: World, kubeconfig: string): Promise<string | undefined> {
  const client = await connectKube({ kubeconfig });
  try {
    return await consoleUrl(client, signal);
  } catch (error) {
    signal.throwIfAborted();
    reporter.emit({ type: "log", level: "debug", message: `the address of the web console is not known: ${messageOf(error)}` });
    return undefined;
  } finally {
    client.close();
  }
}

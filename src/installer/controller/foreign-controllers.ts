import { InstallerError, isInstallerError } from "../../errors/index.ts";
import { CORE_KINDS, repeat, type KubeClient } from "../../kube/index.ts";
import { FOREIGN_CONTROLLERS, NAMESPACE } from "../../machines/index.ts";
import type { World } from "../context.ts";

const LOOK_MS = 10_000;

/**
 * A cluster may have controllers of its own for its platform, as OpenShift has: two that act on the same Machines undo each other's work.
 * @throws InstallerError MACHINE_CONTROLLER_FOREIGN, API errors
 */
export async function refuseForeign(client: KubeClient, signal: AbortSignal): Promise<void> {
  const name = { namespace: NAMESPACE, name: FOREIGN_CONTROLLERS };
  if ((await client.read(CORE_KINDS.deployments, name, signal)) === undefined) return;
  throw new InstallerError("MACHINE_CONTROLLER_FOREIGN", `the cluster runs controllers of its own: Deployment ${NAMESPACE}/${FOREIGN_CONTROLLERS}`, {
    value: FOREIGN_CONTROLLERS,
  });
}

/**
 * The same for as long as it runs: the cluster may get them later. That it cannot be seen, for want of permission say, is a warning.
 * @throws InstallerError MACHINE_CONTROLLER_FOREIGN, the signal's reason
 */
export async function endBesideForeign(client: KubeClient, world: Pick<World, "clock" | "signal" | "reporter">): Promise<never> {
  const { clock, signal, reporter } = world;
  const round = async (): Promise<undefined> => {
    await refuseForeign(client, signal);
    return undefined;
  };
  return await repeat(round, {
    intervalMs: LOOK_MS,
    clock,
    signal,
    failed: "it cannot be seen whether the cluster has controllers of its own",
    ends: isInstallerError,
    onProblem: (message) => reporter.emit({ type: "log", level: "warning", message }),
  });
}

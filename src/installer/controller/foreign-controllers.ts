import { InstallerError } from "../../errors/index.ts";
import { borrowed, CORE_KINDS, watch, type KubeClient, type Look } from "../../kube/index.ts";
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
 * The same for as long as it runs: the cluster may get them later.
 * @throws InstallerError MACHINE_CONTROLLER_FOREIGN, the signal's reason
 */
export async function endBesideForeign(client: KubeClient, { clock, signal }: Pick<World, "clock" | "signal">): Promise<never> {
  const look: Look<never> = async () => {
    await refuseForeign(client, signal);
    return { done: false, reason: "the cluster has no controllers of its own" };
  };
  await watch(look, { connect: borrowed(client), intervalMs: LOOK_MS, timeoutMs: Number.POSITIVE_INFINITY, signal, clock });
  throw new Error("a watch ends by its signal");
}

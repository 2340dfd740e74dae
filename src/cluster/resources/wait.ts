import { connectKube } from "../../kube/index.ts";
import { InitializationFailed, type ResourceContext, waitLimit } from "../../pulumi/index.ts";
import { type Milestone, reachMilestone } from "./milestone.ts";
import type { WaitInputs, WaitOutputs } from "./wait-inputs.ts";

/**
 * Waits for a milestone as a resource, reporting on what. Out of time, the resource is kept as not ready, so that the next update goes on waiting.
 * @param milestone also the id of the resource
 * @param joined ids of the machines that were nodes the last time
 * @throws InitializationFailed after the time, InstallerError GUEST_… when a console shows that it cannot succeed
 */
export async function waitAsResource(
  milestone: Milestone,
  inputs: WaitInputs,
  context: ResourceContext,
  joined: WaitOutputs["joined"] = {},
): Promise<WaitOutputs> {
  const result = await reachMilestone(milestone, {
    connect: () => connectKube({ kubeconfig: inputs.kubeconfig, ...(inputs.server === undefined ? {} : { server: inputs.server }) }),
    machines: inputs.machines.map(({ name, role, address }) => ({ name, role, address })),
    clusterDomain: inputs.clusterDomain,
    machineNetwork: inputs.machineNetwork,
    reserved: [...inputs.vips, ...(inputs.reserved ?? [])],
    found: new Map(Object.entries(inputs.found ?? {})),
    remade: new Set(Object.keys(joined).filter((name) => inputs.ids?.[name] !== undefined && inputs.ids[name] !== joined[name])),
    consoles: inputs.consoles,
    timeoutMs: waitLimit(inputs.timeoutSeconds * 1_000, context),
    run: context.run,
    env: context.env,
    signal: context.signal,
    clock: context.clock,
    onWait: ({ stage, reason }) => context.progress.status(`waiting for ${stage}: ${reason}`),
    onWarning: (message) => context.progress.warn(message),
  });
  if (result.outcome === "timeout") throw new InitializationFailed(milestone, outputsOf(inputs, false, joined), result.error);
  return outputsOf(inputs, true, inputs.ids);
}

const outputsOf = ({ infraID }: WaitInputs, complete: boolean, joined: WaitOutputs["joined"]): WaitOutputs & Record<string, unknown> => ({
  infraID,
  complete,
  ...(joined === undefined || Object.keys(joined).length === 0 ? {} : { joined }),
});

import type { MachinePlan } from "../../config/index.ts";
import { type ErrorId, InstallerError } from "../../errors/index.ts";
import { connectKube } from "../../kube/index.ts";
import type { WaitOptions, WaitResult } from "../observe/wait.ts";
import { InitializationFailed, type ResourceContext } from "../../pulumi/index.ts";
import { consoleSigns } from "./consoles.ts";
import type { WaitInputs, WaitOutputs } from "./wait-inputs.ts";

export interface Wait {
  readonly id: string;
  /** `bootstrapping`, `the installation` */
  readonly subject: string;
  readonly timeoutError: ErrorId;
  readonly run: (options: WaitOptions) => Promise<WaitResult>;
}

/** What it takes to answer the engine after the last look. */
const MARGIN_MS = 5_000;

/**
 * Waits, telling on what. Out of time, the resource is kept as not ready, so that the next update goes on waiting.
 * @param joined ids of the machines that were nodes the last time
 * @throws InitializationFailed after the time, InstallerError GUEST_… when a console shows that it cannot succeed
 */
export async function waitFor(wait: Wait, inputs: WaitInputs, context: ResourceContext, joined: WaitOutputs["joined"] = {}): Promise<WaitOutputs> {
  const consoles = consoleSigns(
    inputs.machines.map(({ name }) => name),
    inputs.consoles,
    context,
  );
  const timeoutMs = limitOf(inputs, context);
  const result = await wait.run({
    connect: () => connectKube({ kubeconfig: inputs.kubeconfig, ...(inputs.server === undefined ? {} : { server: inputs.server }) }),
    machines: inputs.machines.map(asPlan),
    clusterDomain: inputs.clusterDomain,
    machineNetwork: inputs.machineNetwork,
    reserved: [...inputs.vips, ...(inputs.reserved ?? [])],
    found: new Map(Object.entries(inputs.found ?? {})),
    remade: new Set(Object.keys(joined).filter((name) => inputs.ids?.[name] !== undefined && inputs.ids[name] !== joined[name])),
    timeoutMs,
    signal: context.signal,
    clock: context.clock,
    onWait: ({ stage, reason }) => context.progress.status(`waiting for ${stage}: ${reason}`),
    onWarning: (message) => context.progress.warn(message),
    consoleSigns: consoles.read,
  });
  if (result.outcome === "done") return outputsOf(inputs, true, inputs.ids);
  if (result.outcome === "timeout") {
    const error = new InstallerError(
      wait.timeoutError,
      `${wait.subject} did not complete within ${Math.round(timeoutMs / 1_000)} s; last cause at ${result.stage}: ${result.lastReason}`,
    );
    throw new InitializationFailed(wait.id, outputsOf(inputs, false, joined), error);
  }
  throw new InstallerError(consoles.errorOf(result.machine) ?? wait.timeoutError, `${result.machine}: ${result.cause}`, {
    value: result.machine,
    details: [`while waiting for ${result.stage}`],
  });
}

const outputsOf = ({ infraID }: WaitInputs, complete: boolean, joined: WaitOutputs["joined"]): WaitOutputs & Record<string, unknown> => ({
  infraID,
  complete,
  ...(joined === undefined || Object.keys(joined).length === 0 ? {} : { joined }),
});

/** Before the operation's own limit: the engine's Cancel at that one would lose the last cause. */
function limitOf(inputs: WaitInputs, context: ResourceContext): number {
  const own = inputs.timeoutSeconds * 1_000;
  return context.timeoutMs === undefined ? own : Math.min(own, Math.max(context.timeoutMs - MARGIN_MS, context.timeoutMs / 2));
}

/** The waits look at names, roles and addresses alone; the sizes are not theirs. */
function asPlan({ name, role, address }: WaitInputs["machines"][number]): MachinePlan {
  return {
    name,
    role,
    index: 0,
    pool: role,
    cpus: 0,
    memoryMB: 0,
    diskSizeGB: 0,
    macAddress: "",
    ...(address === undefined ? {} : { ipAddress: address }),
  };
}

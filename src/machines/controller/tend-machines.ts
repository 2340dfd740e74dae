import { CORE_KINDS, repeat, type KubeClient } from "../../kube/index.ts";
import { MACHINE_ANNOTATIONS, type Actuator } from "../../providers/index.ts";
import type { Clock } from "../../util/index.ts";
import { NAMESPACE, STATE_ANNOTATION } from "../names.ts";
import { API_VERSION, MACHINE_KINDS, readMachines, type Machine } from "../observe/kinds.ts";
import { DrainLimits } from "./drain-limits.ts";
import { NoticedStates } from "./noticed-states.ts";

const INTERVAL_MS = 10_000;

export interface TendOptions {
  readonly actuator: Pick<Actuator, "states">;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** What was done, and once what could not be. */
  readonly onLine: (level: "info" | "warning", message: string) => void;
}

/**
 * What the controllers leave to others, again and again until the signal: has them look at Machines whose virtual machine stopped or vanished, and
 * ends drains that last too long. Several may do this side by side: each step is the same for all.
 */
export async function tendMachines(client: KubeClient, options: TendOptions): Promise<never> {
  const { actuator, clock, signal, onLine } = options;
  const noticed = new NoticedStates();
  const drains = new DrainLimits(clock);
  const round = async (): Promise<undefined> => {
    const machines = await readMachines(client, signal);
    for (const { machine, limit } of drains.of(machines)) {
      const message = `the drain of its node has lasted longer than ${limit}, and is given up`;
      await annotate(client, machine, { [MACHINE_ANNOTATIONS.excludeDrain]: "" }, signal);
      await client.apply(CORE_KINDS.events, eventOf(machine, "DrainTimeout", message, clock), signal);
      onLine("warning", `${machine.metadata.name}: ${message}`);
    }
    const states = machines.length === 0 ? undefined : await actuator.states?.(signal);
    for (const { machine, state } of states === undefined ? [] : noticed.of(machines, states)) {
      await annotate(client, machine, { [STATE_ANNOTATION]: state }, signal);
      onLine("info", `virtual machine ${machine.metadata.name} is ${state}`);
    }
    return undefined;
  };
  const failed = "virtual machines cannot be looked at";
  return await repeat(round, { intervalMs: INTERVAL_MS, clock, signal, failed, onProblem: (problem) => onLine("warning", problem) });
}

async function annotate(
  client: KubeClient,
  { metadata }: Machine,
  annotations: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<void> {
  await client.patch(MACHINE_KINDS.machines, { namespace: NAMESPACE, name: metadata.name }, { metadata: { annotations } }, signal);
}

function eventOf({ metadata: { name, uid = "" } }: Machine, reason: string, message: string, clock: Clock) {
  const now = `${clock.now().toISOString().slice(0, 19)}Z`;
  return {
    apiVersion: CORE_KINDS.events.apiVersion,
    kind: CORE_KINDS.events.kind,
    metadata: { name: `${name}.${reason.toLowerCase()}`, namespace: NAMESPACE },
    involvedObject: { apiVersion: API_VERSION, kind: "Machine", name, namespace: NAMESPACE, uid },
    type: "Warning",
    reason,
    message,
    source: { component: "virt-ipi-machine-controller" },
    firstTimestamp: now,
    lastTimestamp: now,
    count: 1,
  };
}

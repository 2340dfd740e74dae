import { isInstallerError } from "../../errors/index.ts";
import { ActuatorRefusal, type Actuator, type MachineFacts, type MachineObject } from "../../providers/index.ts";
import type { ActuatorAnswer, ActuatorRequest, Operation } from "./protocol.ts";

/** Whether the last call for a Machine did what it was asked for, as status.providerStatus.conditions says it. */
export const CONDITION = "InstanceReconciled";

const DONE: Readonly<Record<Operation, string>> = { exists: "", create: "Created", update: "Updated", delete: "Deleted" };

/** One call of the platform's actuator, as an answer. Never throws. @param now ISO 8601 in seconds, as the API writes times */
export async function answerOf(
  actuator: Actuator,
  operation: Operation,
  { machine, userData }: ActuatorRequest,
  signal: AbortSignal,
  now: () => string,
): Promise<ActuatorAnswer> {
  try {
    const facts = await call(actuator, operation, machine, userData, signal);
    if (operation === "exists") return facts === undefined ? { exists: false } : { ...facts, ...statusOf(machine, facts, undefined), exists: true };
    return { ...facts, ...statusOf(machine, facts, condition(machine, { status: "True", reason: DONE[operation], message: "" }, now)) };
  } catch (error) {
    const refusal = refusalOf(error);
    const { kind, reason, message, requeueSeconds } = refusal;
    return {
      error: { kind, reason, message, ...(requeueSeconds === undefined ? {} : { requeueSeconds }) },
      ...(operation === "exists" ? {} : statusOf(machine, undefined, condition(machine, { status: "False", reason, message }, now))),
    };
  }
}

async function call(
  actuator: Actuator,
  operation: Operation,
  machine: MachineObject,
  userData: string | undefined,
  signal: AbortSignal,
): Promise<MachineFacts | undefined> {
  signal.throwIfAborted();
  if (operation === "create") return await actuator.create(machine, userData, signal);
  if (operation !== "delete") return await actuator[operation](machine, signal);
  await actuator.delete(machine, signal);
  return undefined;
}

/** Only our own errors have messages that are known to hold no secret. */
function refusalOf(error: unknown): ActuatorRefusal {
  if (error instanceof ActuatorRefusal) return error;
  if (isInstallerError(error)) return new ActuatorRefusal("Failed", camelCase(error.id), [error.message, ...error.details].join("; "));
  // A system call's own code, as EROFS, holds none either.
  const code = (error as { readonly code?: unknown } | null | undefined)?.code;
  const what = typeof code === "string" && /^E[A-Z\d]+$/.test(code) ? code : error instanceof Error ? error.name : typeof error;
  return new ActuatorRefusal("Failed", "InternalError", `the actuator failed: ${what}`);
}

/** `RESOURCE_TIMEOUT` as `ResourceTimeout`, in the way of reasons. */
const camelCase = (id: string): string => id.toLowerCase().replaceAll(/(?:^|_)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

interface Condition {
  readonly type: string;
  readonly status: "True" | "False";
  readonly reason: string;
  readonly message: string;
  readonly lastTransitionTime: string;
}

/** The condition with its time, which stays as long as the status does, so that nothing is written where nothing has changed. */
function condition(machine: MachineObject, now: Omit<Condition, "type" | "lastTransitionTime">, clock: () => string): Condition {
  const before = conditionsOf(machine).find(({ type }) => type === CONDITION);
  // Which call it was that went well is of no interest afterwards.
  const reason = now.status === "True" && before?.status === "True" && before.reason !== undefined ? before.reason : now.reason;
  const lastTransitionTime = before?.status === now.status && before.lastTransitionTime !== undefined ? before.lastTransitionTime : clock();
  return { type: CONDITION, ...now, reason, lastTransitionTime };
}

const previousStatus = (machine: MachineObject): Readonly<Record<string, unknown>> => {
  const status = machine.status?.providerStatus;
  return typeof status === "object" && status !== null && !Array.isArray(status) ? { ...status } : {};
};

function conditionsOf(machine: MachineObject): readonly Partial<Condition>[] {
  const { conditions } = previousStatus(machine) as { readonly conditions?: unknown };
  return Array.isArray(conditions) ? conditions.filter((each): each is Partial<Condition> => typeof each === "object" && each !== null) : [];
}

/** status.providerStatus: what the platform says of the machine, else what it said before, and the conditions. */
function statusOf(machine: MachineObject, facts: MachineFacts | undefined, changed: Condition | undefined): Pick<ActuatorAnswer, "providerStatus"> {
  const others = conditionsOf(machine).filter(({ type }) => changed === undefined || type !== changed.type);
  const conditions = [...others, ...(changed === undefined ? [] : [changed])];
  const base = facts?.providerStatus ?? previousStatus(machine);
  return { providerStatus: { ...base, ...(conditions.length === 0 ? {} : { conditions }) } };
}

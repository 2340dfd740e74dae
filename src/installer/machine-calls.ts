import type { EndedCall } from "../machines/index.ts";

const DONE = { create: "created", delete: "removed" } as const;
type Operation = keyof typeof DONE;

export interface MachineCall {
  readonly operation: Operation;
  readonly machine: string;
  readonly milliseconds: number;
}

/** What the log says of a machine that the cluster has created or removed; undefined for a call that does neither. */
export function machineCallText({ operation, machine, milliseconds }: Pick<EndedCall, "operation" | "machine" | "milliseconds">): string | undefined {
  const took = (milliseconds / 1_000).toFixed(1);
  return operation === "create" || operation === "delete" ? `${DONE[operation]} machine ${machine} in ${took} s` : undefined;
}

/** The same read again. */
export function machineCallOf(text: string): MachineCall | undefined {
  const [, done, machine, seconds] = /^(created|removed) machine (\S+) in (\d+\.\d) s$/.exec(text) ?? [];
  if (machine === undefined) return undefined;
  return { operation: done === DONE.create ? "create" : "delete", machine, milliseconds: Math.round(Number(seconds) * 1_000) };
}

import type { InstallerEvent } from "../../events/index.ts";

type EstimateEvent = Extract<InstallerEvent, { readonly type: "estimate" }>;

/** `1:05`, or `1:02:03` from an hour on. */
export function formatElapsed(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1_000);
  const [hours, minutes, rest] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (number: number): string => String(number).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** `90s`, `5m`, `3h`, `2d`: of something that has been there for so long. */
export const ageOf = (seconds: number): string =>
  seconds < 120
    ? `${seconds}s`
    : seconds < 7_200
      ? `${Math.floor(seconds / 60)}m`
      : seconds < 172_800
        ? `${Math.floor(seconds / 3_600)}h`
        : `${Math.floor(seconds / 86_400)}d`;

/** What a machine of the cluster's own is like: `Provisioned, VM running, node worker-1: why it does not run`. */
export function machineState({ phase, instanceState, node, reason }: Extract<InstallerEvent, { type: "machine" }>): string {
  const parts = [
    phase === "" ? "not looked at yet" : phase,
    ...(instanceState === "" ? [] : [`VM ${instanceState}`]),
    ...(node === "" ? [] : [`node ${node}`]),
  ];
  return `${parts.join(", ")}${reason === undefined ? "" : `: ${reason}`}`;
}

/** `about 4 min left, 3 to 6 (5 earlier runs)`; the range only where it says more. */
export function formatEstimate({ remainingMs, lowMs, highMs, runs, overdue }: Omit<EstimateEvent, "type" | "phase">): string {
  const earlier = runs === 1 ? "1 earlier run" : `${runs} earlier runs`;
  if (overdue) return `longer than in ${earlier}`;
  const [left, low, high] = [remainingMs, lowMs, highMs].map((milliseconds) => Math.round(milliseconds / 60_000)) as [number, number, number];
  if (remainingMs < 60_000) return `less than a minute left (${earlier})`;
  return `about ${left} min left${range(Math.max(1, low), high)} (${earlier})`;
}

const range = (low: number, high: number): string => (low < high ? `, ${low} to ${high}` : "");

export const LEVELS = { debug: 0, info: 1, warning: 2, error: 3 } as const;

export const VERBS: Readonly<Record<string, string>> = {
  create: "created",
  update: "updated",
  delete: "removed",
  "delete-replaced": "removed",
  "create-replacement": "created again",
  replace: "replaced",
};
export const OUTCOME_MARKS = { done: "✔", skipped: "–", failed: "✖", interrupted: "◼" } as const;

/** The last part of a resource's type: `Machine`. */
export const shortKind = (kind: string): string => kind.split(":").at(-1) ?? kind;

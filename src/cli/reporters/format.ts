/** `1:05`, or `1:02:03` from an hour on. */
export function formatElapsed(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1_000);
  const [hours, minutes, rest] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (number: number): string => String(number).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

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

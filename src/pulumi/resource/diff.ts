import { hasUnknown, sameValue, type Properties } from "./values.ts";
import type { ChangeRule } from "./resource.ts";

export interface PropertyChange {
  readonly property: string;
  readonly kind: "add" | "delete" | "update";
  readonly replaces: boolean;
}

export interface Difference {
  readonly changes: readonly PropertyChange[];
  /** What changed but stays as it is, and why. */
  readonly notes: readonly string[];
}

/** Compares inputs with inputs by the resource's rules. What is still unknown counts as changed. */
export function difference(rules: Readonly<Record<string, ChangeRule>>, old: Properties, news: Properties): Difference {
  const changes: PropertyChange[] = [];
  const notes: string[] = [];
  for (const [property, rule] of Object.entries(rules)) {
    const before = old[property];
    const after = news[property];
    if (!hasUnknown(after) && sameValue(before, after)) continue;
    if (typeof rule === "object") notes.push(`${property}: ${rule.ignore}`);
    else if (rule !== "ignore")
      changes.push({ property, kind: before === undefined ? "add" : after === undefined ? "delete" : "update", replaces: rule === "replace" });
  }
  return { changes, notes };
}

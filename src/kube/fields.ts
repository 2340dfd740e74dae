import type { KubeObject } from "./object.ts";

/** What lies at a path of an object whose kind we have no types of; undefined if anything on the way is missing. */
export function at(object: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === "object" && value !== null ? (value as Record<string | number, unknown>)[key] : undefined),
    object,
  );
}

/** Text at a path, else "". */
export function textAt(object: unknown, ...path: readonly (string | number)[]): string {
  const value = at(object, ...path);
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}

export function numberAt(object: unknown, ...path: readonly (string | number)[]): number {
  const value = at(object, ...path);
  return typeof value === "number" ? value : typeof value === "string" && value !== "" ? Number(value) : 0;
}

export function listAt(object: unknown, ...path: readonly (string | number)[]): readonly unknown[] {
  const value = at(object, ...path);
  return Array.isArray(value) ? value : [];
}

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

export function conditionOf(object: unknown, type: string): Condition | undefined {
  const found = listAt(object, "status", "conditions").find((condition) => at(condition, "type") === type);
  if (found === undefined) return undefined;
  return { type, status: textAt(found, "status"), reason: textAt(found, "reason"), message: textAt(found, "message") };
}

export const nameOf = (object: KubeObject): string => object.metadata?.name ?? "";
export const namespaceOf = (object: KubeObject): string => object.metadata?.namespace ?? "";
/** `namespace/name`, or the name alone. */
export const fullName = (object: KubeObject): string => (namespaceOf(object) === "" ? nameOf(object) : `${namespaceOf(object)}/${nameOf(object)}`);

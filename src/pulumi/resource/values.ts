/** Stands for a value that is not known before an update runs. */
export const UNKNOWN = Symbol.for("virt-ipi.unknown");

export type Properties = Readonly<Record<string, unknown>>;

/** True if any part of the value is unknown. */
export function hasUnknown(value: unknown): boolean {
  if (value === UNKNOWN) return true;
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some(hasUnknown);
}

/** True if the way to a field leads to, or through, something unknown. */
export function isUnknownAt(properties: Properties, path: readonly PropertyKey[]): boolean {
  let value: unknown = properties;
  for (const key of path) {
    if (value === UNKNOWN) return true;
    if (typeof value !== "object" || value === null) return false;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return hasUnknown(value);
}

/** Deep equality of property values; a field that is undefined is the same as one that is not there. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => sameValue((a as Properties)[key], (b as Properties)[key]));
}

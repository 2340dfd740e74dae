import { isRecord } from "../../src/util/index.ts";

type Path = readonly (string | number)[];

/** Objects whose keys are the user's: any name is right. */
const FREE = new Set(["labels", "annotations", "matchLabels", "data"]);

/** Paths of all keys of an object that mean something, of lists the first item only. */
export function keyPaths(value: unknown, at: Path = []): readonly Path[] {
  if (Array.isArray(value)) return value.length === 0 ? [] : keyPaths(value[0], [...at, 0]);
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, child]) => [[...at, key], ...(FREE.has(key) ? [] : keyPaths(child, [...at, key]))]);
}

/** The same with one key in another spelling: its last letter twice. */
export function misspelt<T extends object>(value: T, path: Path): T {
  const [first, ...rest] = path;
  if (first === undefined) return value;
  const entries = Object.entries(value as Record<string, unknown>).map(([key, child]): [string, unknown] => {
    if (key !== String(first)) return [key, child];
    return rest.length === 0 ? [`${key}${key.at(-1) ?? ""}`, child] : [key, misspelt(child as object, rest)];
  });
  return (Array.isArray(value) ? entries.map(([, child]) => child) : Object.fromEntries(entries)) as T;
}

/** What a path leads to. */
export const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (found, key) => (Array.isArray(found) || isRecord(found) ? (found as Record<string | number, unknown>)[key] : undefined),
    value,
  );

/** The same without one key. */
export function without<T extends object>(value: T, [first, ...rest]: readonly string[]): T {
  const entries = Object.entries(value).flatMap(([key, child]: [string, unknown]): [string, unknown][] => {
    if (key !== first) return [[key, child]];
    return rest.length === 0 ? [] : [[key, without(child as object, rest)]];
  });
  return Object.fromEntries(entries) as T;
}

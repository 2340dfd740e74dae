import { isRecord } from "../util/index.ts";
import { at, listAt, textAt } from "./fields.ts";
import type { KubeObject } from "./object.ts";

type Keys = Readonly<Record<string, unknown>>;

/** Every key below an object as a JSON pointer: `/configuration`, `/configuration/migrations`. Lists count as values. */
export function keysOf(value: unknown): readonly string[] {
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => [pointer(key), ...keysOf(item).map((below) => `${pointer(key)}${below}`)]);
}

/**
 * A merge patch that takes out the last keys of those parts of a spec which stay as empty objects, since another manager has them or they are wanted so:
 * server-side apply would leave null in their place, which the API server then refuses. Only what its applier alone has is taken out; undefined: there
 * is nothing. Source: sigs.k8s.io/structured-merge-diff, typed/remove.go; seen with Kubernetes 1.34
 * @param found as the server has it, with its managed fields
 * @param wanted keys of the spec that is applied next
 */
export function emptied(found: KubeObject, wanted: readonly string[]): { readonly spec: Keys } | undefined {
  const applier = found.metadata?.annotations?.["pulumi.com/patchFieldManager"];
  const entries = listAt(found, "metadata", "managedFields");
  const isOurs = (entry: unknown): boolean => textAt(entry, "manager") === applier && textAt(entry, "operation") === "Apply";
  const specOf = (entry: unknown): unknown => at(entry, "fieldsV1", "f:spec");
  const ours = specOf(entries.find(isOurs));
  const others = entries.filter((entry) => !isOurs(entry)).map(specOf);
  const spec = takenOut({ value: found["spec"], ours, others: others.filter(isRecord), path: "" }, wanted);
  return spec === undefined ? undefined : { spec };
}

interface Part {
  readonly value: unknown;
  /** What its applier has of it, and each of the others that have it: `f:KEY` for a key. */
  readonly ours: unknown;
  readonly others: readonly unknown[];
  readonly path: string;
}

function takenOut({ value, ours, others, path }: Part, wanted: readonly string[]): Keys | undefined {
  if (!isRecord(value)) return undefined;
  const keys = Object.keys(value);
  const isOurs = keys.every((key) => has(ours, key) && !others.some((other) => has(other, key)));
  if (isOurs && keys.length > 0 && !wanted.some((key) => key.startsWith(`${path}/`)))
    // What nobody has any more, server-side apply takes out as a whole.
    return path === "" || others.length > 0 || wanted.includes(path) ? Object.fromEntries(keys.map((key) => [key, null])) : undefined;
  const changes = keys.flatMap((key) => {
    const [own, ...theirs] = [ours, ...others].map((one) => at(one, `f:${key}`));
    const below = takenOut({ value: value[key], ours: own, others: theirs.filter(isRecord), path: `${path}${pointer(key)}` }, wanted);
    return below === undefined ? [] : [[key, below] as const];
  });
  return changes.length === 0 ? undefined : Object.fromEntries(changes);
}

const has = (fields: unknown, key: string): boolean => at(fields, `f:${key}`) !== undefined;
const pointer = (key: string): string => `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;

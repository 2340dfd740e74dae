import { isNotFound, type Govc } from "./govc.ts";
import { lastOf } from "./names.ts";

/** A reference into the inventory. */
export interface Reference {
  /** `VirtualMachine`, `HostSystem`… */
  readonly type: string;
  /** Managed object id: `vm-42`. */
  readonly value: string;
}

/** What `object.collect -json` answers: one element a property. */
interface CollectedProperty {
  readonly name: string;
  readonly val: unknown;
}

/**
 * A name or path as govc has to be given it where it takes patterns, as it does almost everywhere: so that it stands for itself alone.
 * Source: Go's path.Match, which govmomi uses.
 */
export const literal = (text: string): string => text.replaceAll(/[\\*?[\]]/g, String.raw`\$&`);

/** An object and where it lies. */
export interface Located extends Reference {
  /** Inventory path. */
  readonly path: string;
}

export const referenceText = ({ type, value }: Reference): string => `${type}:${value}`;

/**
 * Properties of one object by their vSphere API names; undefined if it is not there. A property that has no value is left out.
 * @param object an inventory path, or a reference as text (`VirtualMachine:vm-42`)
 */
export async function collect(govc: Govc, object: string, properties: readonly string[]): Promise<Readonly<Record<string, unknown>> | undefined> {
  try {
    return valuesOf((await govc.json<readonly CollectedProperty[]>(["object.collect", literal(object), ...properties])) ?? []);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** Properties of all hosts of a compute cluster, by inventory path; two commands, however many hosts there are. */
export async function collectHosts(
  govc: Govc,
  computeCluster: string,
  properties: readonly string[],
): Promise<ReadonlyMap<string, Readonly<Record<string, unknown>>>> {
  const paths = await find(govc, computeCluster, ["-type", "h"]);
  // Of no hosts it would wait for the first one.
  if (paths.length === 0) return new Map();
  const text = await govc.text(["object.collect", "-json", "-type", "h", literal(computeCluster), "name", ...properties]);
  const hosts = objectsIn<{ readonly changeSet: readonly CollectedProperty[] }>(text).map(({ changeSet }) => valuesOf(changeSet));
  const found = new Map<string, Readonly<Record<string, unknown>>>();
  for (const path of paths) {
    const values = hosts.find(({ name }) => name === lastOf(path));
    if (values !== undefined) found.set(path, values);
  }
  return found;
}

/** Of several objects govc writes one indented document after the other. */
const objectsIn = <T>(text: string): readonly T[] => text.split(/(?<=^\})\n/m).flatMap((each) => (each.trim() === "" ? [] : [JSON.parse(each) as T]));

/** Inventory paths below one place. @param filters as govc's find takes them: `-type m -name x`, where the name is a pattern; undefined place: no such place */
export async function find(govc: Govc, root: string, filters: readonly string[]): Promise<readonly string[]> {
  try {
    return ((await govc.json<readonly string[]>(["find", literal(root), ...filters])) ?? []).map((path) => below(root, path));
  } catch (error) {
    if (isNotFound(error)) return [];
    throw error;
  }
}

/** Everything below a place that is of one of these types and has exactly this name, by path. No such place: nothing. */
export async function locate(govc: Govc, root: string, types: readonly string[], name?: string): Promise<readonly Located[]> {
  const filters = [...types.flatMap((type) => ["-type", type]), ...(name === undefined ? [] : ["-name", literal(name)])];
  const found = new Map<string, Located>();
  try {
    for (const line of (await govc.json<readonly string[]>(["find", "-i", "-l", literal(root), ...filters])) ?? []) {
      const [reference = "", path = ""] = line.split("\t");
      const [type = "", value = ""] = reference.split(":");
      found.set(reference, { type, value, path: below(root, path) });
    }
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  return [...found.values()].toSorted((one, other) => (one.path < other.path ? -1 : Number(one.path > other.path)));
}

/** govc begins each path with what it was given as the root, patterns and all. */
function below(root: string, path: string): string {
  const given = literal(root);
  return path.startsWith(given) ? `${root}${path.slice(given.length)}` : path;
}

const valuesOf = (properties: readonly CollectedProperty[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(properties.map(({ name, val }) => [name, openArray(val)]));

/** The same as references (`VirtualMachine:vm-42`). @throws InstallerError VCENTER_…, also if there is no such place */
export const findReferences = async (govc: Govc, root: string, filters: readonly string[]): Promise<readonly string[]> =>
  (await govc.json<readonly string[]>(["find", "-i", literal(root), ...filters])) ?? [];

/** The API's arrays come as `{ _typeName: "ArrayOf…", _value: […] }`. */
function openArray(value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("_value" in value)) return value;
  return value._value;
}

/** References in a collected array. */
export function referencesIn(value: unknown): readonly Reference[] {
  if (!Array.isArray(value)) return [];
  return value.filter((each): each is Reference => typeof each === "object" && each !== null && "type" in each && "value" in each);
}

/** A collected property that is text; empty where it has no value. */
export const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

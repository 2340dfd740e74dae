import type { Manifest } from "./manifest.ts";
import { partsOf } from "./diff.ts";
import type { Properties } from "../../src/pulumi/resource/values.ts";

/**
 * What is to be applied where the program has ignoreChanges: a field that another manager owns alone is left out, so that it
 * stays theirs; any other goes along as it is in the cluster, since leaving it out would take it away.
 */
export function withIgnored(manifest: Manifest, ignore: readonly string[], live: Manifest, fieldManager: string): Manifest {
  const result = structuredClone(manifest);
  const entries = live.metadata.managedFields ?? [];
  for (const pattern of ignore) {
    const path = partsOf(pattern);
    const ours = entries.some((entry) => entry.manager === fieldManager && owns(entry.fieldsV1, path));
    const theirs = entries.some((entry) => entry.manager !== fieldManager && owns(entry.fieldsV1, path));
    const value = valueAt(live, path);
    if (theirs && !ours) remove(result, path);
    else if (value !== undefined) put(result, path, structuredClone(value));
  }
  return result;
}

/** FieldsV1: a field is `f:<name>`; of a list only whole lists are looked at. Source: k8s.io/apimachinery meta/v1 FieldsV1. */
function owns(fields: Properties | undefined, path: readonly string[]): boolean {
  let here: unknown = fields;
  for (const part of path) {
    if (typeof here !== "object" || here === null) return false;
    here = (here as Properties)[`f:${part}`];
    if (here === undefined) return false;
  }
  return true;
}

function valueAt(root: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, part) => (typeof value === "object" && value !== null ? (value as Properties)[part] : undefined), root);
}

function remove(root: object, path: readonly string[]): void {
  const parent = valueAt(root, path.slice(0, -1));
  if (typeof parent === "object" && parent !== null && !Array.isArray(parent)) Reflect.deleteProperty(parent, path.at(-1) ?? "");
}

function put(root: Record<string, unknown>, path: readonly string[], value: unknown): void {
  let here = root;
  for (const part of path.slice(0, -1)) {
    if (typeof here[part] !== "object" || here[part] === null) here[part] = {};
    here = here[part] as Record<string, unknown>;
  }
  here[path.at(-1) ?? ""] = value;
}

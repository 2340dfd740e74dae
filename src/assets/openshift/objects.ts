import type { Contract } from "../../config/index.ts";
import type { KubernetesObject, Manifest } from "../manifests/index.ts";
import { isRecord } from "../../util/index.ts";

/** One file with one object, keys sorted as OpenShift's installer writes them. */
export const manifest = (path: string, object: KubernetesObject): Manifest => ({ path, objects: [sortedKeys(object) as KubernetesObject] });

/** An object of Go's types: what they write although it is empty. */
export function typed(contract: Pick<Contract, "nullCreationTimestamps">, object: KubernetesObject): KubernetesObject {
  if (!contract.nullCreationTimestamps) return object;
  return { ...object, metadata: { ...object.metadata, creationTimestamp: null } as KubernetesObject["metadata"] };
}

export function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([key, child]) => (child === undefined ? [] : [[key, sortedKeys(child)]])),
  );
}

export const base64 = (text: string): string => Buffer.from(text).toString("base64");

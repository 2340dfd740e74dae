import { isMap, isScalar, isSeq } from "yaml";
import { z } from "zod";
import { unwrap } from "../fields/walk.ts";

const CORE_TAG = /^tag:yaml\.org,2002:(?:str|int|float|bool|null|map|seq)$/;

/** The words of a key as they stand in the file; undefined for what is not plain text. */
export function keyText(key: unknown): string | undefined {
  if (!isScalar(key) || hasAnchor(key) || key.value === null) return undefined;
  return key.source ?? (typeof key.value === "string" ? key.value : undefined);
}

/** `<<`, which adds what other mappings hold. */
export const isMergeKey = (key: unknown): boolean => isScalar(key) && key.type === "PLAIN" && key.source === "<<";

export const hasAnchor = (node: unknown): boolean => (node as { anchor?: string } | null)?.anchor !== undefined;

/** True for a tag that is not one of YAML's own, such as the beginning of a password. */
export function hasForeignTag(node: unknown): boolean {
  const tag = (node as { tag?: string } | null)?.tag;
  return tag !== undefined && !CORE_TAG.test(tag);
}

/** True if a node is of the schema's form: list, mapping or single value. */
export function hasFormOf(schema: z.core.$ZodType | undefined, node: unknown): boolean {
  const inner = schema === undefined ? undefined : unwrap(schema);
  const isMapping = inner instanceof z.ZodObject || inner instanceof z.ZodRecord;
  return isMap(node) === isMapping && isSeq(node) === inner instanceof z.ZodArray;
}

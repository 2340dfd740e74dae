import { z } from "zod";
import { docOf, type FieldDoc } from "./fields/field.ts";
import { installConfigSchema } from "./schema/install-config.ts";
import { shapeOf, unwrap } from "./fields/walk.ts";

/** What there is to say about one key of the install-config. */
export interface FieldExplanation {
  /** `networking.clusterNetwork[].cidr`; empty for the file as a whole. */
  readonly path: string;
  /** `string`, `integer`, `boolean`, `object`, `list of string`, or the words of a closed list joined by ` | `. */
  readonly type: string;
  readonly description: string;
  readonly required: boolean;
  readonly default?: string;
  readonly rules?: string;
  /** What to use instead. */
  readonly deprecated?: string;
  readonly secret: boolean;
  /** The keys below, in the order in which one would write them. */
  readonly children: readonly FieldSummary[];
}

export interface FieldSummary {
  readonly key: string;
  readonly type: string;
  readonly required: boolean;
  readonly description: string;
  readonly deprecated?: string;
}

const ROOT: FieldDoc = {
  description: "The install-config.yaml: which cluster to create, and where.",
  rules: "UTF-8 without byte order mark, at most 1 MiB, one YAML document without anchors and aliases. Unknown keys are errors.",
};

/**
 * Explains a key, or the whole file for an empty path. Indices are optional: `compute[0].name`, `compute[].name` and
 * `compute.name` mean the same.
 * @returns undefined if there is no such key
 */
export function explain(path = ""): FieldExplanation | undefined {
  let schema: z.core.$ZodType = installConfigSchema;
  let at = "";
  for (const key of path
    .replaceAll(/\[\d*\]/g, "")
    .split(".")
    .filter((part) => part !== "")) {
    const shape = shapeOf(schema);
    const child = shape !== undefined && Object.hasOwn(shape, key) ? shape[key] : undefined;
    if (child === undefined) return undefined;
    at = at === "" ? key : `${at}${isList(schema) ? "[]" : ""}.${key}`;
    schema = child;
  }
  const doc = docOf(schema) ?? ROOT;
  const fallback = doc.defaultText ?? (doc.default === undefined ? undefined : JSON.stringify(doc.default));
  return {
    path: at,
    type: typeName(schema),
    description: doc.description,
    required: doc.required ?? false,
    ...(fallback === undefined ? {} : { default: fallback }),
    ...(doc.rules === undefined ? {} : { rules: doc.rules }),
    ...(doc.deprecated === undefined ? {} : { deprecated: doc.deprecated }),
    secret: doc.secret ?? false,
    children: Object.entries(shapeOf(schema) ?? {}).map(([key, child]) => summary(key, child)),
  };
}

function summary(key: string, schema: z.core.$ZodType): FieldSummary {
  const doc = docOf(schema);
  const deprecated = doc?.deprecated === undefined ? {} : { deprecated: doc.deprecated };
  return { key, type: typeName(schema), required: doc?.required ?? false, description: doc?.description ?? "", ...deprecated };
}

const isList = (schema: z.core.$ZodType): boolean => unwrap(schema) instanceof z.ZodArray;

function typeName(schema: z.core.$ZodType): string {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodArray) return `list of ${typeName(inner.element)}`;
  if (inner instanceof z.ZodEnum) return inner.options.map((word) => (word === "" ? '""' : String(word))).join(" | ");
  if (inner instanceof z.ZodBoolean) return "boolean";
  if (inner instanceof z.ZodNumber) return "integer";
  return inner instanceof z.ZodString ? "string" : "object";
}

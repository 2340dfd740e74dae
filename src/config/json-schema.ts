import { z } from "zod";
import { docOf } from "./fields/field.ts";
import { installConfigSchema } from "./schema/install-config.ts";
import { shapeOf } from "./fields/walk.ts";

/**
 * The install-config's structure as JSON Schema (2020-12), for editors. What values must fulfil beyond their shape is in
 * the descriptions: a file that fits may still break a rule.
 */
export function jsonSchema(): Readonly<Record<string, unknown>> {
  const schema = z.toJSONSchema(installConfigSchema, { target: "draft-2020-12", io: "input", override: document });
  return { $schema: schema.$schema, title: "install-config.yaml", description: "The install-config of virt-ipi.", ...schema };
}

function document({ zodSchema, jsonSchema: out }: { zodSchema: z.core.$ZodTypes; jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  const doc = docOf(zodSchema);
  if (doc !== undefined) {
    out.description = [doc.description, doc.defaultText === undefined ? undefined : `Default: ${doc.defaultText}.`, doc.rules]
      .filter((part) => part !== undefined)
      .join(" ");
    if (doc.default !== undefined) out.default = doc.default;
    if (doc.deprecated !== undefined) out.deprecated = true;
    if (doc.secret === true) out.writeOnly = true;
  }
  if (out.maximum === Number.MAX_SAFE_INTEGER) {
    // The bounds of what JavaScript counts exactly say nothing about the field.
    delete out.minimum;
    delete out.maximum;
  }
  const required = Object.entries(shapeOfObject(zodSchema)).filter(([, child]) => docOf(child)?.required === true);
  if (required.length > 0) out.required = required.map(([key]) => key);
}

const shapeOfObject = (schema: z.core.$ZodTypes): Readonly<Record<string, z.core.$ZodType>> =>
  schema instanceof z.ZodObject ? (shapeOf(schema) ?? {}) : {};

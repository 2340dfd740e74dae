import { z } from "zod";

/** The schema inside optional ones. */
export function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  return schema instanceof z.ZodOptional ? unwrap(schema.unwrap()) : schema;
}

/** The keys of an object schema, also of the objects in a list; undefined for all others. */
export function shapeOf(schema: z.core.$ZodType): Readonly<Record<string, z.core.$ZodType>> | undefined {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodArray) return shapeOf(inner.element);
  return inner instanceof z.ZodObject ? inner.shape : undefined;
}

/** Visits every key, parents first. Paths are as in `networking.clusterNetwork[].cidr`. */
export function walkSchema(schema: z.core.$ZodType, visit: (path: string, schema: z.core.$ZodType) => void, path = ""): void {
  for (const [key, child] of Object.entries(shapeOf(schema) ?? {})) {
    const at = path === "" ? key : `${path}.${key}`;
    visit(at, child);
    walkSchema(child, visit, unwrap(child) instanceof z.ZodArray ? `${at}[]` : at);
  }
}

/** The schema at a path given by its keys, which may be any that a user writes, such as `constructor`; list indices are ignored. */
export function schemaAt(root: z.core.$ZodType, keys: readonly PropertyKey[]): z.core.$ZodType | undefined {
  let schema: z.core.$ZodType | undefined = root;
  for (const key of keys) {
    if (typeof key === "number") continue;
    const outer: z.core.$ZodType | undefined = schema === undefined ? undefined : unwrap(schema);
    if (outer instanceof z.ZodRecord) {
      schema = outer.valueType as z.core.$ZodType;
      continue;
    }
    const shape: ReturnType<typeof shapeOf> = schema === undefined ? undefined : shapeOf(schema);
    schema = shape !== undefined && Object.hasOwn(shape, key) ? shape[String(key)] : undefined;
  }
  return schema;
}

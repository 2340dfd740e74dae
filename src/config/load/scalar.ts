import { Scalar } from "yaml";
import { z } from "zod";
import { docOf, type FieldDoc } from "../fields/field.ts";
import { unwrap } from "../fields/walk.ts";
import { textTrap } from "./text-traps.ts";

/** What a scalar of the file says. */
export interface ReadScalar {
  readonly value: unknown;
  /** Why it cannot be what was meant. */
  readonly problem?: string;
  /** Why it may not be what was meant. */
  readonly doubt?: string;
}

const CUT = "what follows # is a comment to YAML; if it belongs to the text, put all of it in single quotes";

/**
 * Reads a scalar as its field wants it: a word of a closed list by the text of the file, since YAML 1.1 takes `On`, `no` and
 * `y` for booleans.
 * @param schema undefined: nothing is known of the field, and YAML decides
 * @param after the text of the file behind the scalar
 */
export function readScalar(node: Scalar, schema: z.core.$ZodType | undefined, after: string): ReadScalar {
  const inner = schema === undefined ? undefined : unwrap(schema);
  if (inner instanceof z.ZodEnum) {
    // An empty value or ~ is none at all.
    const isWord = node.type === Scalar.PLAIN && node.value !== null;
    return isWord ? { value: node.source } : { value: node.value };
  }
  if (!(inner instanceof z.ZodString)) return { value: node.value };
  const doc = (schema === undefined ? undefined : docOf(schema)) ?? {};
  const problem = typeof node.value === "string" ? textTrap(node.value, doc) : undefined;
  return problem === undefined ? { value: node.value, ...commentTrap(node, doc, after) } : { value: node.value, problem };
}

/** Who writes a comment leaves a blank behind the #; a password that was cut there rarely has one. */
function commentTrap(
  { type, value }: Scalar,
  { secret, personal }: Pick<FieldDoc, "secret" | "personal">,
  after: string,
): Omit<ReadScalar, "value"> | undefined {
  const first = type === Scalar.PLAIN ? /^[ \t]*#(.?)/.exec(after)?.[1] : undefined;
  if (first === undefined || (typeof value === "string" && /^(?:env|file):/.test(value))) return undefined;
  const isGlued = first.trim() !== "";
  if (isGlued && (secret === true || personal === true)) return { problem: CUT };
  return value !== null && (isGlued || secret === true) ? { doubt: CUT } : undefined;
}

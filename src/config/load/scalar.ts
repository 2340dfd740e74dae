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
  /** Why it hardly is what was meant. OpenShift's installer takes it. */
  readonly trap?: string;
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
  const doc: Partial<FieldDoc> = (schema === undefined ? undefined : docOf(schema)) ?? {};
  const trap = typeof node.value === "string" ? textTrap(node.value, doc) : undefined;
  if (trap === undefined) return { value: node.value, ...commentTrap(node, doc, after) };
  // A wrong secret is only found out by who is locked out for it.
  return { value: node.value, ...(doc.secret === true || doc.personal === true ? { problem: trap } : { trap }) };
}

/** Beyond it, and for fractions below a ten-thousandth, Go writes numbers with an exponent. */
const LARGEST_WITHOUT_EXPONENT = 1e6;

/**
 * What OpenShift's installer reads where a text is wanted and a number or a boolean stands: that in Go's way of writing. Of a secret only what is
 * also written in the file.
 */
export function asText({ value, source }: Scalar, schema: z.core.$ZodType): string | undefined {
  if (!(unwrap(schema) instanceof z.ZodString)) return undefined;
  const isShort = typeof value === "number" && Math.abs(value) < LARGEST_WITHOUT_EXPONENT && (value === 0 || Math.abs(value) >= 1e-4);
  if (typeof value !== "boolean" && !isShort && (!Number.isSafeInteger(value) || source !== String(value))) return undefined;
  return docOf(schema)?.secret === true && source !== String(value) ? undefined : String(value);
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

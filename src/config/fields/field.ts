import { z } from "zod";

z.config({ jitless: true });

/** What `explain`, the JSON Schema and the reference show about a field beside its type. */
export interface FieldDoc {
  readonly description: string;
  /** The value that stands in when the key is absent. */
  readonly default?: string | number | boolean;
  /** Where the default is not one value: how it comes about. */
  readonly defaultText?: string;
  /** What a value must fulfil, in one or two sentences. */
  readonly rules?: string;
  readonly required?: boolean;
  /** Never printed, and blanked when the install-config is stored in the cluster. */
  readonly secret?: boolean;
  /** Not a secret, so messages may quote it, but blanked as a secret is when the install-config is stored in the cluster. */
  readonly personal?: boolean;
  /** Not a secret, but long, or often mistaken for one; never printed in messages. */
  readonly silent?: boolean;
  /** A text that may have several lines. */
  readonly lines?: boolean;
  /** OpenShift checks the closed list of words by hand, and calls a word that is not in it invalid instead of unsupported. */
  readonly checkedByHand?: boolean;
  /** OpenShift accepts words that are not in the closed list, and does as if there were the default, or none. */
  readonly lenientWords?: boolean;
  /** Below it a key without a value says something: what is inside is handed on as it is. */
  readonly keepsNulls?: boolean;
  /** What to use instead. */
  readonly deprecated?: string;
}

type More = Omit<FieldDoc, "description">;

const registry = z.registry<FieldDoc>();

/** The documentation of a schema made by the functions below. */
export const docOf = (schema: z.core.$ZodType): FieldDoc | undefined => registry.get(schema as z.ZodType);

/** A key that may be absent, with its documentation. That a key is required is a rule, not a matter of structure. */
export function field<T extends z.ZodType>(schema: T, description: string, more: More = {}): z.ZodOptional<T> {
  const optional = schema.optional();
  registry.add(optional, { description, ...more });
  return optional;
}

/**
 * Characters of a text that is neither a secret nor silent (keys and certificates have no limit but the file's). A list for noProxy is the longest honest
 * one; a pattern that is slow on long texts then never sees one.
 */
export const LONGEST_TEXT = 16_384;

const words = (more?: More): z.ZodString => (more?.secret === true || more?.silent === true ? z.string() : z.string().max(LONGEST_TEXT));

export const text = (description: string, more?: More): z.ZodOptional<z.ZodString> => field(words(more), description, more);
export const integer = (description: string, more?: More): z.ZodOptional<z.ZodInt> => field(z.int(), description, more);
export const flag = (description: string, more?: More): z.ZodOptional<z.ZodBoolean> => field(z.boolean(), description, more);
export const texts = (description: string, more?: More): z.ZodOptional<z.ZodArray<z.ZodString>> => field(z.array(words(more)), description, more);

export const choice = <const T extends readonly string[]>(values: T, description: string, more?: More) => field(z.enum(values), description, more);
export const object = <T extends z.core.$ZodLooseShape>(shape: T, description: string, more?: More) =>
  field(z.strictObject(shape), description, more);
export const list = <T extends z.core.$ZodLooseShape>(shape: T, description: string, more?: More) =>
  field(z.array(z.strictObject(shape)), description, more);
/** Mappings of one shape by names that are not known here. */
export const named = <T extends z.core.$ZodLooseShape>(shape: T, description: string, more?: More) =>
  field(z.record(z.string(), z.strictObject(shape)), description, more);
/** A mapping of which some keys are known and checked, and all others handed on as they are. */
export const partlyKnown = <T extends z.core.$ZodLooseShape>(shape: T, description: string, more?: More) =>
  field(z.looseObject(shape), description, more);
/** A mapping whose inside is not ours to check. */
export const open = (description: string, more?: More) => field(z.record(z.string(), z.unknown()), description, more);

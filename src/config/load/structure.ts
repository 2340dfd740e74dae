import type { z } from "zod";
import { forbidden, invalid, type IssueDraft, noSuchKey, stricter, unsupported } from "../issue.ts";
import { FOREIGN_PLATFORMS, UNREAD_IN_POOLS } from "../platforms/foreign.ts";
import { PLATFORM_NAMES } from "../platforms/registry.ts";
import { installConfigSchema } from "../schema/install-config.ts";
import type { RawInstallConfig } from "../schema/shape.ts";
import { docOf } from "../fields/field.ts";
import { schemaAt, shapeOf } from "../fields/walk.ts";
import { keyBelow, MOST_GUESSES, nearestKey } from "../fields/nearest-key.ts";
import { childPath, pathOf } from "../positions.ts";

export interface StructureResult {
  /** The file without the parts that have the wrong shape. */
  readonly raw: RawInstallConfig;
  readonly issues: readonly IssueDraft[];
  /** Paths whose value was dropped: what the rules say about them would be misleading. */
  readonly dropped: readonly string[];
}

/** Checks shape: unknown keys, types, closed lists of words. Everything that fits is kept, so that the rules see it. */
export function checkStructure(document: Readonly<Record<string, unknown>>): StructureResult {
  const original = withoutNulls(document, installConfigSchema) as Record<string, unknown>;
  const given = Object.keys(original);
  const data = structuredClone(original);
  const issues: IssueDraft[] = [];
  const dropped: string[] = [];
  // Dropping a value can bring no new error, so one round is enough; the second parse is for its type.
  for (const issue of installConfigSchema.safeParse(original).error?.issues ?? []) {
    if (issue.code === "unrecognized_keys") {
      for (const key of issue.keys) {
        const draft = unknownKey(issue.path, key, issue.keys.length <= MOST_GUESSES, given);
        issues.push(draft.issue);
        dropped.push(draft.issue.path, ...(draft.meant === undefined ? [] : [draft.meant]));
        drop(data, [...issue.path, key]);
      }
      continue;
    }
    const value = valueAt(original, issue.path);
    // An empty word is how Go writes "not set".
    if (issue.code === "invalid_value" && value === "" && typeof issue.path.at(-1) === "string") {
      drop(data, issue.path);
      continue;
    }
    const path = pathOf(issue.path);
    // An item without a value is an empty text to OpenShift's installer.
    if (issue.code === "invalid_type" && issue.expected === "string" && value === null) {
      issues.push(stricter(invalid(path, undefined, wrongType(issue, value))));
      put(data, issue.path, "");
      continue;
    }
    issues.push(
      issue.code === "invalid_value" && typeof value === "string"
        ? notInList(issue.path, value, issue.values.map(String))
        : invalid(path, isContainerWanted(issue) ? undefined : value, wrongType(issue, value)),
    );
    if (issue.code === "invalid_value" && typeof issue.path.at(-1) === "number") {
      // No rule names a word of a list by its number, so the others may move up.
      removeItem(data, issue.path.slice(0, -1), value);
      continue;
    }
    const instead = issue.code === "invalid_value" ? wordInstead(issue.path) : undefined;
    if (instead !== undefined) {
      put(data, issue.path, instead);
      continue;
    }
    dropped.push(pathOf(droppable(issue.path)));
    drop(data, issue.path);
  }
  return { raw: installConfigSchema.parse(data), issues, dropped };
}

function notInList(keys: readonly PropertyKey[], value: string, words: readonly string[]): IssueDraft {
  const path = pathOf(keys);
  const issue = unsupported(path, value, words);
  const schema = schemaAt(installConfigSchema, keys);
  const { checkedByHand = false, lenientWords = false } = (schema === undefined ? undefined : docOf(schema)) ?? {};
  if (lenientWords) return stricter(issue);
  return checkedByHand ? invalid(path, value, issue.message) : issue;
}

/** The word that OpenShift does as if it were there, for one that it does not know but accepts. */
function wordInstead(keys: readonly PropertyKey[]): string | undefined {
  const schema = schemaAt(installConfigSchema, keys);
  const doc = schema === undefined ? undefined : docOf(schema);
  return doc?.lenientWords === true && typeof doc.default === "string" ? doc.default : undefined;
}

/** A key without a value is as good as none, but where the schema says otherwise. */
function withoutNulls(value: unknown, schema: z.core.$ZodType | undefined): unknown {
  if (typeof value !== "object" || value === null) return value;
  // An item without a value is an empty one in a list of mappings.
  if (Array.isArray(value))
    return value.map((item) => (item === null && schema !== undefined && shapeOf(schema) !== undefined ? {} : withoutNulls(item, schema)));
  if (schema !== undefined && docOf(schema)?.keepsNulls === true) return value;
  const below = (key: string): z.core.$ZodType | undefined => (schema === undefined ? undefined : schemaAt(schema, [key]));
  return Object.fromEntries(Object.entries(value).flatMap(([key, child]) => (child === null ? [] : [[key, withoutNulls(child, below(key))]])));
}

function unknownKey(parent: readonly PropertyKey[], key: string, guess: boolean, given: readonly string[]): { issue: IssueDraft; meant?: string } {
  const at = pathOf(parent);
  const path = childPath(at, key);
  if (parent.at(-1) === "platform" && FOREIGN_PLATFORMS.has(key.toLowerCase())) {
    if (parent.length === 1) return { issue: unsupported(path, key, PLATFORM_NAMES), meant: at };
    const issue = invalid(path, key, "cannot be given for a pool when the cluster uses another platform");
    return { issue: UNREAD_IN_POOLS.has(key) ? stricter(issue) : issue };
  }
  const shape = shapeOf(schemaAt(installConfigSchema, parent) ?? installConfigSchema) ?? {};
  if (Object.keys(shape).length === 0) return { issue: forbidden(path, "unknown key; none is known here") };
  // Below another key by its indentation alone.
  const atTop = Object.keys(installConfigSchema.shape).find((name) => name.toLowerCase() === key.toLowerCase() && !given.includes(name));
  if (atTop !== undefined) return { issue: forbidden(path, `unknown key; does it belong at the top of the file, not below ${at}?`), meant: atTop };
  const meant = guess ? (nearestKey(key, Object.keys(shape)) ?? keyBelow(key, shape)) : undefined;
  return { issue: noSuchKey(path, meant), ...(meant === undefined ? {} : { meant: childPath(at, meant) }) };
}

/** What stands where a mapping should could be anything, a password too, so it is not quoted. */
const isContainerWanted = (issue: z.core.$ZodIssue): boolean =>
  issue.code === "invalid_type" && ["object", "array", "record"].includes(issue.expected);

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: "text",
  int: "a whole number",
  number: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a mapping",
  record: "a mapping",
  null: "empty",
};

function wrongType(issue: z.core.$ZodIssue, value: unknown): string {
  if (issue.code === "invalid_value") return `must be one of ${issue.values.map((word) => JSON.stringify(word)).join(", ")}`;
  if (issue.code === "too_big" && typeof value === "string") return `has ${value.length} characters; at most ${issue.maximum} are accepted`;
  if (issue.code !== "invalid_type") return "is too large for a whole number";
  const wanted = TYPE_NAMES[issue.expected] ?? issue.expected;
  const found = Array.isArray(value) ? "a list" : value === undefined || value === null ? "nothing" : (TYPE_NAMES[typeof value] ?? typeof value);
  const got = typeof value === "number" ? (Number.isInteger(value) ? "a number" : "a fraction") : found;
  return `must be ${wanted}, not ${got}${wanted === "text" ? howToWrite(issue.path, value) : ""}`;
}

/** How what YAML took for something else becomes a text. */
function howToWrite(path: readonly PropertyKey[], value: unknown): string {
  if (typeof value !== "object") return "; put it in quotes";
  if (value === null) return "; remove the item, or give it a value";
  const field = schemaAt(installConfigSchema, path);
  const lines = field !== undefined && docOf(field)?.lines === true;
  return Array.isArray(value) && lines ? `; write one a line below \`${String(path.at(-1))}: |\`` : "; put it in single quotes";
}

function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], data);
}

/** Another value, where what it is in has not been dropped for something else. */
function put(data: unknown, path: readonly PropertyKey[], value: unknown): void {
  const [parent, key] = [valueAt(data, path.slice(0, -1)), path.at(-1)];
  if (key !== undefined && typeof parent === "object" && parent !== null) (parent as Record<PropertyKey, unknown>)[key] = value;
}

function removeItem(data: unknown, path: readonly PropertyKey[], item: unknown): void {
  const list = valueAt(data, path);
  if (Array.isArray(list)) list.splice(list.indexOf(item), 1);
}

/** An item of a list cannot go alone: the others would get new numbers. */
function droppable(path: readonly PropertyKey[]): readonly PropertyKey[] {
  return typeof path.at(-1) === "number" ? path.slice(0, -1) : path;
}

function drop(data: unknown, path: readonly PropertyKey[]): void {
  const parts = droppable(path);
  const parent = valueAt(data, parts.slice(0, -1));
  const key = parts.at(-1);
  if (key !== undefined && typeof parent === "object" && parent !== null) delete (parent as Record<PropertyKey, unknown>)[key];
}

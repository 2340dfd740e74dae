import { isAlias, isMap, isScalar, isSeq, type Document, type LineCounter, type Pair, type Scalar, type YAMLMap } from "yaml";
import { z } from "zod";
import { docOf } from "../fields/field.ts";
import { unwrap } from "../fields/walk.ts";
import { type ConfigIssue, forbidden, noSuchKey, invalid, type IssueDraft, stricter } from "../issue.ts";
import { childPath, Positions, type Place } from "../positions.ts";
import { meaningsOf } from "./keys.ts";
import { hasAnchor, hasForeignTag, hasFormOf, isMergeKey, keyText } from "./nodes.ts";
import { type References, referencesOf } from "./references.ts";
import { asText, readScalar } from "./scalar.ts";
import { keyTrap } from "./text-traps.ts";

const DEEPEST = 50;
/** More than a file has tokens: only what refers to itself many times over has so much to read. */
const MOST_VALUES = 60_000;
const NO_ANCHOR = "refers to no anchor before it, as a text does that begins with *; put it in single quotes";
const ANCHOR = "begins with &, which YAML takes for an anchor; put it in single quotes";
const TAG = "begins with !, which YAML takes for a tag; put it in single quotes";
const COMMA = "a comma ends a text in {…}; put the text in single quotes";

/** A YAML document as plain data, with the place of every path. Keys are named as in the schema, whatever their capitals. */
export interface LoadedDocument {
  readonly data: Readonly<Record<string, unknown>>;
  readonly positions: Positions;
  /** Why nothing can be said about the rest of the file; duplicate keys are the exception. */
  readonly issues: readonly ConfigIssue[];
  /** What is wrong with single keys and values. */
  readonly errors: readonly IssueDraft[];
  readonly warnings: readonly IssueDraft[];
  /** Paths of what has an error: whatever else is said about them would be misleading. */
  readonly dropped: readonly string[];
  /** The same, of what has a value nevertheless: where the error is one. */
  readonly doubted: readonly string[];
}

type Schema = z.core.$ZodType | undefined;

/** Turns the nodes of a YAML document into plain data, each value read as its field in the schema wants it. */
export function readDocument(document: Document.Parsed, schema: z.core.$ZodType, text: string, lines: LineCounter): LoadedDocument {
  const reader = new Reader(text, lines, referencesOf(document));
  const data = reader.value(document.contents, "", 0, schema);
  const root = typeof data === "object" && data !== null && !Array.isArray(data) ? (data as Record<string, unknown>) : undefined;
  if (root === undefined && reader.issues.length === 0)
    reader.report("", "Invalid value", "the file must be a mapping of keys to values", document.contents);
  const { positions, issues, errors, warnings, dropped, doubted } = reader;
  return { data: root ?? {}, positions, issues, errors, warnings, dropped, doubted };
}

/** A number or a boolean among texts by name, such as labels: OpenShift's installer reads it as a text. */
const ofRecord = (node: unknown, schema: Schema): string | undefined =>
  schema instanceof z.ZodRecord && isScalar(node) ? asText(node, schema.valueType) : undefined;

class Reader {
  readonly positions = new Positions();
  readonly issues: ConfigIssue[] = [];
  readonly errors: IssueDraft[] = [];
  readonly warnings: IssueDraft[] = [];
  readonly dropped: string[] = [];
  readonly doubted: string[] = [];
  readonly #text: string;
  readonly #lines: LineCounter;
  readonly #references: References;
  #values = 0;

  constructor(text: string, lines: LineCounter, references: References) {
    this.#text = text;
    this.#lines = lines;
    this.#references = references;
  }

  value(node: unknown, path: string, depth: number, schema: Schema): unknown {
    if (depth > DEEPEST) {
      this.report(path, "Invalid value", `is nested more than ${DEEPEST} levels deep`, node);
      return undefined;
    }
    if (++this.#values > MOST_VALUES) {
      if (this.#values === MOST_VALUES + 1)
        this.report(path, "Invalid value", `repeats so much by YAML aliases that it has more than ${MOST_VALUES} values`, node);
      return undefined;
    }
    if (isAlias(node)) {
      const target = this.#references.targetOf(node);
      return target === undefined ? this.#drop(invalid(path, undefined, NO_ANCHOR)) : this.value(target, path, depth + 1, schema);
    }
    if (isScalar(node) && hasAnchor(node) && this.#isMeantAsText(node, schema)) return this.#drop(invalid(path, undefined, ANCHOR));
    if (hasForeignTag(node)) return this.#drop(invalid(path, undefined, TAG));
    const inner = schema === undefined ? undefined : unwrap(schema);
    if (isMap(node)) return this.#mapping(node, path, depth, inner);
    if (isSeq(node)) {
      const element = inner instanceof z.ZodArray ? inner.element : undefined;
      return node.items.map((item, index) => {
        const at = childPath(path, index);
        this.positions.set(at, this.#place(item));
        return this.value(item, at, depth + 1, element);
      });
    }
    return isScalar(node) ? this.#scalar(node, path, schema) : null;
  }

  #scalar(node: Scalar, path: string, schema: Schema): unknown {
    const { value, problem, trap, doubt } = readScalar(node, schema, this.#text.slice(node.range?.[1]));
    if (problem !== undefined) return this.#drop(invalid(path, value ?? undefined, problem));
    if (doubt !== undefined) this.warnings.push(forbidden(path, doubt));
    if (trap !== undefined) {
      this.errors.push(stricter(invalid(path, value, trap)));
      this.doubted.push(path);
    }
    const text = schema === undefined ? undefined : asText(node, schema);
    if (text !== undefined) {
      const kind = typeof value === "number" ? "a number" : "true or false";
      const instead = text === node.source ? "" : `, since it would be ${text}`;
      this.errors.push(stricter(invalid(path, text, `must be text, not ${kind}; put it in quotes${instead}`)));
      if (text !== node.source) this.doubted.push(path);
      this.positions.setSource(path, text, node.source ?? text);
      return text;
    }
    if (typeof value === "number" || typeof value === "boolean") this.positions.setSource(path, value, node.source ?? String(value));
    return value;
  }

  /** A secret that begins with an ampersand: nothing else repeats it. */
  #isMeantAsText(node: Scalar, schema: Schema): boolean {
    const { secret = false, personal = false } = (schema === undefined ? undefined : docOf(schema)) ?? {};
    return (secret || personal) && (node.type === "PLAIN" || node.value === null) && !this.#references.isRepeated(node);
  }

  #mapping({ items, flow }: YAMLMap, path: string, depth: number, schema: Schema): Record<string, unknown> {
    const shape = schema instanceof z.ZodObject ? (schema.shape as Readonly<Record<string, z.core.$ZodType>>) : undefined;
    const isStrict = schema instanceof z.ZodObject && schema.def.catchall instanceof z.ZodNever;
    const pairs = this.#pairs(items, path, depth);
    const keys = pairs.map(([key]) => key);
    const meanings = meaningsOf(keys, shape === undefined ? undefined : Object.keys(shape), isStrict);
    const seen = new Map<string, { readonly key: string; readonly value: unknown }>();
    let last: string | undefined;
    let isCut = false;
    for (const [index, [key, pair]] of pairs.entries()) {
      const { name = key, match = "unknown" } = meanings[index] ?? {};
      if (flow === true && pair.value === null && last !== undefined && (match === "unknown" || match === "near")) {
        // The key is the rest of a text, perhaps of a password: it is not named.
        if (!isCut) this.#drop(invalid(childPath(path, last), undefined, COMMA));
        isCut = true;
        continue;
      }
      const at = childPath(path, name);
      const written = childPath(path, key);
      const twin = seen.get(name);
      if (twin !== undefined) {
        const as = twin.key === key ? "" : ` as ${twin.key}`;
        const message = `the key is already given in line ${this.positions.find(at).line}${as}`;
        const isSingle = isScalar(pair.value) && (typeof twin.value !== "object" || twin.value === null);
        if (twin.key === key || !isSingle) {
          this.report(written, "Duplicate value", message, pair.key);
          continue;
        }
        // OpenShift's installer sorts the keys, capitals first, and keeps the last that has a value.
        this.errors.push(stricter({ path: written, kind: "Duplicate value", message, place: this.#place(pair.key) }));
        if ((pair.value as Scalar).value === null || (twin.value !== null && key < twin.key)) continue;
      }
      for (const one of [at, written]) this.positions.set(one, this.#place(pair.key));
      if (match === "capitals") this.warnings.push(forbidden(written, `is read as ${name}; write ${name}`));
      if (match === "near") this.#drop(noSuchKey(written, name), at);
      const field = shape !== undefined && Object.hasOwn(shape, name) ? shape[name] : undefined;
      [last, isCut] = [name, false];
      const value = match === "near" && !hasFormOf(field, pair.value) ? undefined : this.value(pair.value, at, depth + 1, field);
      seen.set(name, { key, value: ofRecord(pair.value, schema) ?? value });
    }
    return Object.fromEntries([...seen].flatMap(([name, { value }]) => (value === undefined ? [] : [[name, value]])));
  }

  /** What a mapping holds, without the keys that cannot be read. */
  #pairs(items: readonly Pair[], path: string, depth: number): readonly (readonly [key: string, pair: Pair])[] {
    return items.flatMap((pair) => {
      const key = keyText(pair.key);
      if (isMergeKey(pair.key)) return this.#merged(pair.value, path, depth + 1);
      const problem = hasForeignTag(pair.key) ? TAG : key === undefined ? "a key must be plain text" : keyTrap(key);
      if (problem !== undefined) this.report(path, "Invalid value", problem, pair.key);
      return key === undefined || problem !== undefined ? [] : [[key, pair] as const];
    });
  }

  /** What `<<` adds to a mapping. Where a key is given already it is given twice, as in OpenShift's installer. */
  #merged(value: unknown, path: string, depth: number): readonly (readonly [key: string, pair: Pair])[] {
    const node = isAlias(value) ? this.#references.targetOf(value) : value;
    if (isSeq(node) && depth <= DEEPEST) return node.items.flatMap((item) => this.#merged(item, path, depth + 1));
    if (isMap(node) && depth <= DEEPEST) return this.#pairs(node.items, path, depth);
    this.report(path, "Invalid value", "what << repeats must be a mapping", value);
    return [];
  }

  /** An error about what is then as good as absent. */
  #drop(issue: IssueDraft, path = issue.path): undefined {
    this.errors.push(issue);
    this.dropped.push(path);
  }

  report(path: string, kind: ConfigIssue["kind"], message: string, node: unknown): void {
    this.issues.push({ path, kind, message, ...this.#place(node) });
  }

  #place(node: unknown): Place {
    const start = (node as { range?: readonly number[] | null } | null | undefined)?.range?.[0];
    if (start === undefined) return { line: 1, column: 1 };
    const { line, col } = this.#lines.linePos(start);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  }
}

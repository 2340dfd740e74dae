import { isAlias, isMap, isScalar, isSeq, type Document, type LineCounter } from "yaml";
import type { ConfigIssue } from "../issue.ts";
import { childPath, Positions, type Place } from "../positions.ts";

const DEEPEST = 50;
const ANCHORS = "YAML anchors and aliases are not accepted; write the value out";

/** A YAML document as plain data, with the place of every path. */
export interface LoadedDocument {
  readonly data: Readonly<Record<string, unknown>>;
  readonly positions: Positions;
  readonly issues: readonly ConfigIssue[];
}

/** Turns the nodes of a YAML document into plain data; duplicate keys, odd keys, anchors and aliases become issues. */
export function readDocument(document: Document.Parsed, lines: LineCounter): LoadedDocument {
  const reader = new Reader(lines);
  const data = reader.value(document.contents, "", 0);
  const root = typeof data === "object" && data !== null && !Array.isArray(data) ? (data as Record<string, unknown>) : undefined;
  if (root === undefined && reader.issues.length === 0)
    reader.report("", "Invalid value", "the file must be a mapping of keys to values", document.contents);
  return { data: root ?? {}, positions: reader.positions, issues: reader.issues };
}

class Reader {
  readonly positions = new Positions();
  readonly issues: ConfigIssue[] = [];
  readonly #lines: LineCounter;

  constructor(lines: LineCounter) {
    this.#lines = lines;
  }

  value(node: unknown, path: string, depth: number): unknown {
    if (depth > DEEPEST) {
      this.report(path, "Invalid value", `is nested more than ${DEEPEST} levels deep`, node);
      return undefined;
    }
    if (isAlias(node) || hasAnchor(node)) {
      // Nothing in an install-config needs them, and refusing them leaves no way to write a bomb.
      this.issues.push({ path, kind: "Invalid value", message: ANCHORS, ...this.positions.find(path) });
      return undefined;
    }
    if (isMap(node)) return this.#mapping(node.items, path, depth);
    if (isSeq(node)) {
      return node.items.map((item, index) => {
        const at = childPath(path, index);
        this.positions.set(at, this.#place(item));
        return this.value(item, at, depth + 1);
      });
    }
    return isScalar(node) ? node.value : null;
  }

  #mapping(items: readonly { key: unknown; value: unknown }[], path: string, depth: number): Record<string, unknown> {
    const seen = new Map<string, unknown>();
    for (const { key, value } of items) {
      const name = keyText(key);
      if (name === undefined) {
        this.report(path, "Invalid value", "a key must be plain text", key);
        continue;
      }
      const at = childPath(path, name);
      if (seen.has(name)) {
        this.report(at, "Duplicate value", `the key is already given in line ${this.positions.find(at).line}`, key);
        continue;
      }
      this.positions.set(at, this.#place(key));
      seen.set(name, this.value(value, at, depth + 1));
    }
    return Object.fromEntries(seen);
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

/** The words of a key; undefined for what is not plain text. */
function keyText(key: unknown): string | undefined {
  if (!isScalar(key) || hasAnchor(key) || key.value === null) return undefined;
  return key.source ?? (typeof key.value === "string" ? key.value : undefined);
}

const hasAnchor = (node: unknown): boolean => (node as { anchor?: string } | null)?.anchor !== undefined;

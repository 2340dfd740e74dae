/** A place in a text; both from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

const START: Place = { line: 1, column: 1 };

/** Where each path of a document stands in its file. */
export class Positions {
  readonly #places = new Map<string, Place>();
  readonly #moved = new Map<string, string>();
  readonly #sources = new Map<string, { readonly value: unknown; readonly source: string }>();

  set(path: string, place: Place): void {
    this.#places.set(path, place);
  }

  /** Remembers how a number or a boolean is written in the file: `0777` for 511, `On` for true. The value may be a text that it is read as. */
  setSource(path: string, value: number | boolean | string, source: string): void {
    this.#sources.set(path, { value, source });
  }

  /** How the value at a path is written; undefined for what is a text in the file, and for a value that does not stand there. */
  sourceOf(path: string, value: unknown): string | undefined {
    const found = this.#sources.get(this.writtenPath(path));
    return found !== undefined && Object.is(found.value, value) ? found.source : undefined;
  }

  /** Says that `path` was made from what the user wrote at `from`, so that its errors point there. */
  moved(path: string, from: string): void {
    this.#moved.set(path, from);
  }

  /** The path that the user wrote, for one that was made from a deprecated key. */
  writtenPath(path: string): string {
    for (let at = path; at !== ""; at = parentPath(at)) {
      const from = this.#moved.get(at);
      if (from !== undefined) return from;
    }
    return path;
  }

  /** The place of the path, or of the nearest path above it that is in the file. */
  find(path: string): Place {
    for (let at = path; ; at = parentPath(at)) {
      const from = this.#moved.get(at);
      const place = this.#places.get(at) ?? (from === undefined ? undefined : this.#places.get(from));
      if (place !== undefined) return place;
      if (at === "") return START;
    }
  }
}

/** `a.b[0].c` -> `a.b[0]` -> `a.b` -> `a` -> `` */
export function parentPath(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("."), path.lastIndexOf("[")));
}

/** The child of a path: `.key` or `[0]`. */
export function childPath(path: string, part: PropertyKey): string {
  if (typeof part === "number") return `${path}[${part}]`;
  return path === "" ? String(part) : `${path}.${String(part)}`;
}

export const pathOf = (parts: readonly PropertyKey[]): string => parts.reduce<string>(childPath, "");

/** True for the path itself and everything under it. */
export function isWithin(path: string, ancestor: string): boolean {
  if (ancestor === "" || path === ancestor) return true;
  return path.startsWith(ancestor) && (path[ancestor.length] === "." || path[ancestor.length] === "[");
}

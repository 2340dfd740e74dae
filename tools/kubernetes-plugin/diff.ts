import { sameValue, UNKNOWN } from "../../src/pulumi/resource/values.ts";
import { annotationOf, type Manifest } from "./manifest.ts";
import { needsNew } from "./force-new.ts";
import type { Settings } from "./settings.ts";

export interface Change {
  /** A property path: `spec.ports[0].port`, `metadata.labels["app.kubernetes.io/name"]`. */
  readonly path: string;
  readonly kind: "add" | "delete" | "update";
  readonly replaces: boolean;
}

export interface ObjectDiff {
  readonly changes: readonly Change[];
  readonly deleteBeforeReplace: boolean;
}

/** Fields of metadata that only the server writes. */
const READ_ONLY = [
  "creationTimestamp",
  "deletionGracePeriodSeconds",
  "deletionTimestamp",
  "generation",
  "managedFields",
  "resourceVersion",
  "selfLink",
  "uid",
];

/** Without what only the server writes. */
export function writable(manifest: Manifest): Manifest {
  const metadata = Object.fromEntries(Object.entries(manifest.metadata).filter(([name]) => !READ_ONLY.includes(name)));
  return { ...manifest, metadata };
}

/**
 * Compares inputs with inputs: what the server has added or spelled otherwise is no change. What drifted is in the old
 * inputs after a refresh.
 * @param ignore property paths that the program has under ignoreChanges
 */
export function diffObjects(
  old: Manifest,
  news: Manifest,
  options: { readonly patch: boolean; readonly ignore: readonly string[]; readonly settings: Settings },
): ObjectDiff {
  const found: Change[] = [];
  const tell = (path: string, kind: Change["kind"]): void => {
    if (!ignored(path, options.ignore)) found.push({ path, kind, replaces: needsNew(news, options.patch, path, options.settings) });
  };
  compare(canonical(old), canonical(news), "", tell);
  const replaces = found.some((change) => change.replaces);
  // With the same name and place the new object cannot stand beside the old one.
  const sameIdentity = old.metadata.name === news.metadata.name && (old.metadata.namespace ?? "default") === (news.metadata.namespace ?? "default");
  return { changes: found, deleteBeforeReplace: replaces && sameIdentity && annotationOf(news, "autonamed") !== "true" };
}

/** The namespace `default` is the same as none. */
function canonical(manifest: Manifest): Manifest {
  const clean = writable(manifest);
  return clean.metadata.namespace === "default" ? { ...clean, metadata: without(clean.metadata, "namespace") } : clean;
}

const without = <T extends object>(value: T, name: string): T => Object.fromEntries(Object.entries(value).filter(([key]) => key !== name)) as T;

function compare(old: unknown, news: unknown, path: string, tell: (path: string, kind: Change["kind"]) => void): void {
  // A null is how the API spells a field that is not set.
  const [before, after] = [old ?? undefined, news ?? undefined];
  if (after === UNKNOWN) return tell(path, before === undefined ? "add" : "update");
  if (sameValue(before, after)) return;
  if (before === undefined) return tell(path, "add");
  if (after === undefined) return tell(path, "delete");
  if (typeof before !== "object" || typeof after !== "object" || Array.isArray(before) !== Array.isArray(after)) return tell(path, "update");
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  for (const key of keys)
    compare((before as Record<string, unknown>)[key], (after as Record<string, unknown>)[key], joined(path, key, Array.isArray(after)), tell);
}

function joined(path: string, key: string, index: boolean): string {
  if (index) return `${path}[${key}]`;
  if (!/^[A-Za-z_$][\w$-]*$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === "" ? key : `${path}.${key}`;
}

/** `*` stands for any one part. */
function ignored(path: string, ignore: readonly string[]): boolean {
  const parts = partsOf(path);
  return ignore.some((pattern) => {
    const wanted = partsOf(pattern);
    return wanted.length <= parts.length && wanted.every((part, index) => part === "*" || part === parts[index]);
  });
}

/** `spec.ports[0]["a.b"]` as `spec`, `ports`, `0`, `a.b`. */
export function partsOf(path: string): readonly string[] {
  return [...path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[([^\]]+)\]|([^.[\]]+)/g)].map(([, quoted, index, name]) =>
    quoted === undefined ? (index ?? name ?? "") : quoted.replaceAll(/\\(.)/g, "$1"),
  );
}

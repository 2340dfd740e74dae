import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { InstallerError } from "../src/errors/index.ts";
import { filesBelow } from "./files.ts";
import type { Part } from "./part.ts";

/**
 * The key of every part: a sha256 over its version, the names and content of its inputs, its recipe, this machine's
 * platform, and the keys of the parts that it needs. Two checkouts with the same recipe share the cached result,
 * wherever in them it lies.
 * @throws InstallerError SETUP_PART_UNKNOWN, and INTERNAL for a cycle
 */
export async function recipeKeys(parts: readonly Part[], root: string): Promise<ReadonlyMap<string, string>> {
  const keys = new Map<string, string>();
  for (const part of inOrder(parts)) {
    const hash = createHash("sha256");
    const add = (...values: readonly string[]): void => {
      for (const value of values) hash.update(`${Buffer.byteLength(value)}:`).update(value);
    };
    add(part.id, part.version, process.platform, process.arch);
    for (const need of part.needs) add(need, keys.get(need) ?? "");
    if (part.kind === "files") {
      add(JSON.stringify(part.recipe ?? null), JSON.stringify(part.downloads ?? []));
      for (const input of part.inputs) {
        for (const file of await filesBelow(root, input)) add(relative(dirname(input), file), await readFile(join(root, file), "base64"));
      }
    }
    keys.set(part.id, hash.digest("hex"));
  }
  return keys;
}

/** @throws InstallerError SETUP_PART_UNKNOWN */
export function partOf<P extends Part>(parts: readonly P[], id: string): P {
  const part = parts.find((one) => one.id === id);
  if (part !== undefined) return part;
  throw new InstallerError("SETUP_PART_UNKNOWN", `there is no part "${id}"`, {
    value: id,
    details: [`the parts are: ${parts.map((one) => one.id).join(", ")}`],
  });
}

/**
 * The parts, each after those that it needs.
 * @param only the ids wanted, with all that they need; all parts when it is empty
 */
export function inOrder<P extends Part>(parts: readonly P[], only: readonly string[] = []): P[] {
  const ordered: P[] = [];
  const visiting = new Set<string>();
  const visit = (id: string): void => {
    const part = partOf(parts, id);
    if (ordered.includes(part)) return;
    if (visiting.has(id)) throw new InstallerError("INTERNAL", `the parts need each other in a circle: ${[...visiting, id].join(" -> ")}`);
    visiting.add(id);
    for (const need of part.needs) visit(need);
    visiting.delete(id);
    ordered.push(part);
  };
  for (const id of only.length === 0 ? parts.map((part) => part.id) : only) visit(id);
  return ordered;
}

/** What a part is thought to take to build that says nothing: a program of some thousand lines. */
const USUAL_SECONDS = 20;

/** What building a part is thought to take, in seconds. */
export const secondsOf = (part: Part): number => (part.kind === "files" ? (part.seconds ?? USUAL_SECONDS) : 0);

/** The parts in the order in which they are best begun: first what others wait for, and the longest of each kind first. */
export function inOrderOfUse(parts: readonly Part[]): readonly Part[] {
  const needed = new Set(parts.flatMap(({ needs }) => needs));
  const rank = (part: Part): number => (needed.has(part.id) ? 0 : 1);
  return parts.toSorted((a, b) => rank(a) - rank(b) || secondsOf(b) - secondsOf(a));
}

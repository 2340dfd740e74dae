import type { Govc } from "./govc.ts";
import { findReferences, locate, type Located } from "./inventory.ts";
import { lastOf, spellings } from "./names.ts";
import { isContainer, wordFor, type ObjectKind } from "./object-kinds.ts";

/** One object that an install-config names, and where to look for it. */
export interface Wanted {
  readonly kind: ObjectKind;
  /** Inventory path; of an object given by name the one that it has if it lies in no folder. */
  readonly path: string;
  /** Whether any object of that name below `root` will do, as long as it is the only one. */
  readonly byName: boolean;
  /** Inventory path of what holds all objects of that kind. */
  readonly root: string;
  /** Where several have the name: those that are meant, if any. */
  readonly prefer?: (object: Located) => boolean;
  /** Whose it is, for messages: `failure domain rack-1`. */
  readonly owner: string;
}

export type Look = { readonly found: Located } | { readonly problem: string };

/** Finds an object by its path, or by a name that only one has. @throws InstallerError VCENTER_… */
export async function findObject(govc: Govc, wanted: Wanted): Promise<Look> {
  const { kind, path, byName, root, owner } = wanted;
  const spelt = spellings(path);
  const named: Located[] = [];
  for (const name of new Set(spelt.map(lastOf))) named.push(...(await locate(govc, root, [...kind.types, ...kind.neighbours], name)));
  const [first, ...more] = fitting(named, wanted, spelt);
  if (first !== undefined) return more.length === 0 ? { found: first } : { problem: ambiguous(wanted, [first, ...more]) };
  // No path leads to a datacenter but that of folders, so what else has its name was meant.
  const other = named.find((each) => !isKind(kind, each) && (byName || root === "/" || spelt.includes(each.path)));
  if (other === undefined) return { problem: await missing(govc, wanted, named) };
  return { problem: `${other.path} is ${wordFor(other)}, not a ${kind.noun} (${owner})${await inside(govc, wanted, other)}` };
}

const isKind = ({ types }: ObjectKind, { type }: Located): boolean => types.includes(type);

function fitting(named: readonly Located[], { kind, byName, prefer }: Wanted, spelt: readonly string[]): readonly Located[] {
  const fit = named.filter((each) => isKind(kind, each) && (byName || spelt.includes(each.path)));
  const meant = prefer === undefined ? [] : fit.filter(prefer);
  return meant.length > 0 ? meant : fit;
}

function ambiguous({ kind, path, owner }: Wanted, found: readonly Located[]): string {
  const differ = new Set(found.map((each) => each.path)).size === found.length;
  const count = found.length === 2 ? "two" : String(found.length);
  const listed = found.map((each) => (differ ? each.path : `${each.path} (${wordFor(each)})`)).join(" and ");
  return `${count} ${kind.noun}s are called ${lastOf(path)} (${owner}): ${listed}; ${differ ? "give the path of one" : "rename one of them"}`;
}

async function missing(govc: Govc, wanted: Wanted, named: readonly Located[]): Promise<string> {
  const { kind, path, root, owner, prefer } = wanted;
  const what = `not there: ${kind.title} ${path} of ${owner}`;
  const elsewhere = named.filter((each) => isKind(kind, each));
  if (elsewhere.length > 0) return `${what}; there is ${shown(elsewhere)}`;
  const slashed = await withSlash(govc, wanted);
  if (slashed !== undefined) return `${what}; there is ${slashed.path}: a / in a name is written %2f`;
  const others = (await members(govc, root, kind)).filter((each) => prefer?.(each) ?? true);
  return others.length === 0 ? what : `${what}; there is ${shown(others)}`;
}

/** The object whose name has a slash that was written as one. */
async function withSlash(govc: Govc, { kind, path, root }: Wanted): Promise<Located | undefined> {
  const base = root === "/" ? "" : root;
  const parts = path.slice(base.length + 1).split("/");
  for (let length = 2; length <= parts.length; length++) {
    const name = parts.slice(-length).join("%2f");
    const full = [base, ...parts.slice(0, -length), name].join("/");
    const found = (await locate(govc, root, kind.types, name)).find((each) => isKind(kind, each) && each.path === full);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What of the wanted kind lies in the folder or datastore cluster that was named instead. */
async function inside(govc: Govc, { kind }: Wanted, container: Located): Promise<string> {
  if (!isContainer(container)) return "";
  const found = await members(govc, container.path, kind);
  return found.length === 0 ? "" : `; in it there is ${shown(found)}`;
}

/** Each path is a question of its own for govc. */
const MOST_LISTED = 50;
const MOST_SHOWN = 5;

/** What of a kind is below a place; nothing if it is too much to list. */
async function members(govc: Govc, root: string, kind: ObjectKind): Promise<readonly Located[]> {
  const count = (
    await findReferences(
      govc,
      root,
      kind.types.flatMap((type) => ["-type", type]),
    )
  ).length;
  if (count > MOST_LISTED) return [];
  return (await locate(govc, root, kind.types)).filter((each) => isKind(kind, each) && each.path !== root);
}

function shown(objects: readonly Located[]): string {
  const paths = objects.slice(0, MOST_SHOWN).map(({ path }) => path);
  return paths.join(", ") + (objects.length > MOST_SHOWN ? ` and ${objects.length - MOST_SHOWN} more` : "");
}

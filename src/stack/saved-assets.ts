import { readdir, readFile, rm } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { contentHash, type AssetSet } from "../assets/index.ts";
import { readTextIfExists, writeFileAtomic } from "../util/index.ts";
import type { ClusterFolder } from "./cluster-folder.ts";
import { readJsonIfExists, writeJson } from "./json-file.ts";

/** What we wrote and from what: `.virt-ipi/assets.json`. Hashes are SHA-256 in hex. */
export interface SavedAssets {
  readonly installConfig: string;
  /** Of the ClusterSpec, so that a changed comment in the file is no change. */
  readonly spec: string;
  readonly files: Readonly<Record<string, string>>;
}

const USER_FOLDERS = ["manifests", "openshift"];

export const readSavedAssets = (folder: ClusterFolder): Promise<SavedAssets | undefined> => readJsonIfExists<SavedAssets>(folder.savedAssets);

/** The files below manifests/ and openshift/, by path with `/`. */
export async function manifestsOnDisk(folder: ClusterFolder): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const name of USER_FOLDERS) {
    const top = join(folder.root, name);
    const entries = await readdir(top, { recursive: true, withFileTypes: true }).catch(noneIfMissing);
    for (const entry of entries) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      found.set(relative(folder.root, path).replaceAll(sep, "/"), await readFile(path, "utf8"));
    }
  }
  return found;
}

/** The `*.ign` files that the user has changed since we wrote them: their text counts. */
export async function editedIgnition(folder: ClusterFolder, assets: AssetSet, saved: SavedAssets | undefined): Promise<ReadonlyMap<string, string>> {
  const edited = new Map<string, string>();
  for (const [path, asset] of assets) {
    const written = saved?.files[path];
    if (!path.endsWith(".ign") || written === undefined) continue;
    const text = await readTextIfExists(join(folder.root, path));
    if (text !== undefined && contentHash(text) !== written && text !== asset.content) edited.set(path, text);
  }
  return edited;
}

export interface Write {
  readonly assets: AssetSet;
  /** Paths whose text is the user's; not written. */
  readonly keep: ReadonlySet<string>;
  /** Paths that an earlier run wrote and this one does not. */
  readonly obsolete: readonly string[];
  /** Paths that the user removed: still remembered as written, so that they stay away. */
  readonly removed: readonly string[];
  readonly installConfig: string;
  readonly spec: string;
}

/** Writes what differs from the disk, removes what is obsolete, and remembers all of it. */
export async function saveAssets(folder: ClusterFolder, saved: SavedAssets | undefined, write: Write): Promise<void> {
  const files: Record<string, string> = {};
  for (const [path, asset] of write.assets) {
    if (write.keep.has(path)) {
      // Kept as it was written last, so that the user's change is still seen as one next time.
      const before = saved?.files[path];
      if (before !== undefined) files[path] = before;
      continue;
    }
    const full = join(folder.root, path);
    files[path] = contentHash(asset.content);
    if ((await readTextIfExists(full)) !== asset.content) {
      await writeFileAtomic(full, asset.content, asset.mode);
    }
  }
  for (const path of write.removed) files[path] = saved?.files[path] ?? "";
  for (const path of write.obsolete) await rm(join(folder.root, path), { force: true });
  await writeJson(folder.savedAssets, { installConfig: write.installConfig, spec: write.spec, files } satisfies SavedAssets);
}

/** Removes what we wrote and nobody changed, metadata.json last, and the memory of it. */
export async function forgetAssets(folder: ClusterFolder): Promise<void> {
  const saved = await readSavedAssets(folder);
  const paths = Object.keys(saved?.files ?? {}).toSorted((a, b) => Number(a === "metadata.json") - Number(b === "metadata.json"));
  for (const path of paths) {
    const full = join(folder.root, path);
    const text = await readTextIfExists(full);
    if (path === "metadata.json" || (text !== undefined && contentHash(text) === saved?.files[path])) await rm(full, { force: true });
  }
  await rm(folder.savedAssets, { force: true });
  await rm(folder.metadata, { force: true });
}

function noneIfMissing(error: unknown): [] {
  if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
  throw error;
}

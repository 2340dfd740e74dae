import { isUtf8 } from "node:buffer";
import { lstat, readdir, rm } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { type AssetSet, checkIgnition } from "../assets/index.ts";
import { InstallerError } from "../errors/index.ts";
import { isRecord, readBytesIfExists, readTextIfExists, unreadable, writeFileAtomic, contentHash } from "../util/index.ts";
import type { ClusterFolder } from "./cluster-folder.ts";
import { readJsonIfWhole, writeJson } from "./json-file.ts";

/** What we wrote and from what: `.virt-ipi/assets.json`. Hashes are SHA-256 in hex. */
export interface SavedAssets {
  readonly installConfig: string;
  /** Of the ClusterSpec, so that a changed comment in the file is no change. */
  readonly spec: string;
  readonly files: Readonly<Record<string, string>>;
}

const USER_FOLDERS = ["manifests", "openshift"];
const MANIFEST_NAME = /\.(ya?ml|json)$/;

/** @param warn called when the file is damaged, and so counts as missing */
export const readSavedAssets = (folder: ClusterFolder, warn: (message: string) => void): Promise<SavedAssets | undefined> =>
  readJsonIfWhole(folder.savedAssets, isSavedAssets, "each file that is not as it would be written now counts as yours", warn);

const isSavedAssets = (value: unknown): value is SavedAssets =>
  isRecord(value) &&
  typeof value["installConfig"] === "string" &&
  typeof value["spec"] === "string" &&
  isRecord(value["files"]) &&
  Object.values(value["files"]).every((hash) => typeof hash === "string");

/**
 * The files below manifests/ and openshift/, by path with `/`.
 * @throws InstallerError FILE_UNREADABLE for whatever is neither a file nor a folder: a manifest that is passed over would be missing in the cluster;
 * MANIFEST_INVALID for a manifest that is not UTF-8, and so would not get there as it is
 */
export async function manifestsOnDisk(folder: ClusterFolder): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const name of USER_FOLDERS) {
    const top = join(folder.root, name);
    const facts = await lstat(top).catch(() => undefined);
    if (facts === undefined) continue;
    if (!facts.isDirectory())
      throw new InstallerError("FILE_UNREADABLE", `cannot read ${top}: it is ${facts.isSymbolicLink() ? "a symbolic link" : "no folder"}`, {
        value: top,
        advice: "Put a folder in its place, or remove it.",
      });
    const entries = await readdir(top, { recursive: true, withFileTypes: true }).catch((error: unknown) => Promise.reject(unreadable(top, error)));
    for (const entry of entries) {
      const path = join(entry.parentPath, entry.name);
      if (entry.isDirectory() && !MANIFEST_NAME.test(entry.name)) continue;
      const content = await readBytesIfExists(path);
      if (content === undefined) continue;
      const name = relative(folder.root, path).replaceAll(sep, "/");
      if (MANIFEST_NAME.test(name) && !isUtf8(content)) throw new InstallerError("MANIFEST_INVALID", `${name} is not text in UTF-8`, { value: name });
      found.set(name, content.toString("utf8"));
    }
  }
  return found;
}

/**
 * What of the manifests the last run wrote, for each folder that is still there: the files of a folder that is removed as a whole are created again.
 * @returns hashes by path
 */
export async function manifestsWritten(folder: ClusterFolder, saved: SavedAssets | undefined): Promise<ReadonlyMap<string, string>> {
  const gone: string[] = [];
  for (const name of USER_FOLDERS) if ((await lstat(join(folder.root, name)).catch(() => undefined)) === undefined) gone.push(`${name}/`);
  return new Map(Object.entries(saved?.files ?? {}).filter(([path]) => !gone.some((start) => path.startsWith(start))));
}

/**
 * The `*.ign` files that the user has changed since we wrote them: their text counts.
 * @param saved "lost" where files were written, but it is not known any more what they held: then every other text is the user's
 * @throws InstallerError IGNITION_INVALID for one that no machine would take
 */
export async function editedIgnition(
  folder: ClusterFolder,
  assets: AssetSet,
  saved: SavedAssets | "lost" | undefined,
): Promise<ReadonlyMap<string, string>> {
  const edited = new Map<string, string>();
  for (const [path, asset] of assets) {
    const written = saved === "lost" ? "" : saved?.files[path];
    if (!path.endsWith(".ign") || written === undefined) continue;
    const content = await readBytesIfExists(join(folder.root, path));
    const text = content?.toString("utf8");
    if (content === undefined || text === undefined || contentHash(content) === written || text === asset.content) continue;
    if (!isUtf8(content)) throw new InstallerError("IGNITION_INVALID", `${path} is not text in UTF-8`, { value: path });
    checkIgnition(path, text);
    edited.set(path, text);
  }
  return edited;
}

/** The Ignition configs of an earlier run of which this one has none, as of a pool that is no more: those that nobody has changed. */
export async function staleIgnition(folder: ClusterFolder, assets: AssetSet, saved: SavedAssets | undefined): Promise<readonly string[]> {
  const stale: string[] = [];
  for (const [path, written] of Object.entries(saved?.files ?? {})) {
    if (!path.endsWith(".ign") || assets.has(path)) continue;
    const content = await readBytesIfExists(join(folder.root, path));
    if (content !== undefined && contentHash(content) === written) stale.push(path);
  }
  return stale;
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

/**
 * Writes what differs from the disk, removes what is obsolete, and remembers all of it.
 * @returns the paths that somebody had changed in a way that does not count
 */
export async function saveAssets(folder: ClusterFolder, saved: SavedAssets | undefined, write: Write): Promise<readonly string[]> {
  const files: Record<string, string> = {};
  const restored: string[] = [];
  for (const [path, asset] of write.assets) {
    if (write.keep.has(path)) {
      // Kept as it was written last, so that the user's change is still seen as one next time.
      const before = saved?.files[path];
      if (before !== undefined) files[path] = before;
      continue;
    }
    const full = join(folder.root, path);
    files[path] = contentHash(asset.content);
    const text = await readTextIfExists(full);
    if (text !== asset.content) {
      const before = saved?.files[path];
      if (text !== undefined && before !== undefined && contentHash(text) !== before) restored.push(path);
      await writeFileAtomic(full, asset.content, asset.mode);
    }
  }
  for (const path of write.removed) files[path] = saved?.files[path] ?? "";
  for (const path of write.obsolete) await rm(join(folder.root, path), { force: true });
  await writeJson(folder.savedAssets, { installConfig: write.installConfig, spec: write.spec, files } satisfies SavedAssets);
  return restored;
}

/** Removes what we wrote and nobody changed, metadata.json last, and the memory of it. */
export async function forgetAssets(folder: ClusterFolder): Promise<void> {
  // Without it nothing is known of what we wrote: then those files stay.
  const saved = await readSavedAssets(folder, () => undefined);
  const paths = Object.keys(saved?.files ?? {}).toSorted((a, b) => Number(a === "metadata.json") - Number(b === "metadata.json"));
  for (const path of paths) {
    const full = join(folder.root, path);
    const text = await readTextIfExists(full).catch(() => undefined);
    if (path === "metadata.json" || (text !== undefined && contentHash(text) === saved?.files[path])) await rm(full, { force: true });
  }
  await rm(folder.savedAssets, { force: true });
  await rm(folder.metadata, { force: true });
}

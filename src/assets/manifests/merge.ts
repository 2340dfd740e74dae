import { InstallerError } from "../../errors/index.ts";
import type { KubernetesObject } from "./manifest.ts";
import { parseManifest } from "./parse.ts";
import { contentHash } from "../../util/index.ts";

/** What became of the manifests on disk. Lists of paths, sorted. */
export interface MergedManifests {
  /** What the cluster gets: texts by path, in the order of the paths. */
  readonly manifests: ReadonlyMap<string, string>;
  /** Ours, changed by the user: the user's text counts. */
  readonly edited: readonly string[];
  /** The user's own files. */
  readonly extra: readonly string[];
  /** Ours, deleted by the user: they stay away. */
  readonly removed: readonly string[];
  /** Written by an earlier run, no longer rendered and not edited: to be deleted. */
  readonly obsolete: readonly string[];
  /** Files that are no manifests by their names. */
  readonly ignored: readonly string[];
  /** Paths with an object of kind Secret. */
  readonly secret: ReadonlySet<string>;
}

/**
 * Lets the user's changes to manifests win over what is rendered. A file is the user's when its hash is not that of what we wrote.
 * @param rendered texts by path
 * @param onDisk files below manifests/ and openshift/, by path
 * @param previouslyWritten hashes of what the last run wrote, by path; empty before the first
 * @throws InstallerError MANIFEST_INVALID, or MANIFEST_DUPLICATE if two files hold the same object
 */
export function mergeUserManifests(
  rendered: ReadonlyMap<string, string>,
  onDisk: ReadonlyMap<string, string>,
  previouslyWritten: ReadonlyMap<string, string>,
): MergedManifests {
  const found = { edited: [] as string[], extra: [] as string[], removed: [] as string[], obsolete: [] as string[], ignored: [] as string[] };
  const manifests = new Map<string, string>();
  for (const path of [...new Set([...rendered.keys(), ...onDisk.keys()])].toSorted()) {
    const ours = rendered.get(path);
    const theirs = onDisk.get(path);
    const written = previouslyWritten.get(path);
    if (theirs === undefined) {
      if (written !== undefined) found.removed.push(path);
      else if (ours !== undefined) manifests.set(path, ours);
    } else if (!/\.(ya?ml|json)$/.test(path)) {
      found.ignored.push(path);
    } else if (contentHash(theirs) === written) {
      if (ours === undefined) found.obsolete.push(path);
      else manifests.set(path, ours);
    } else {
      manifests.set(path, theirs);
      if (ours === undefined && written === undefined) found.extra.push(path);
      else if (theirs !== ours) found.edited.push(path);
    }
  }
  return { manifests, ...found, secret: checkedForSecrets(manifests) };
}

function checkedForSecrets(manifests: ReadonlyMap<string, string>): ReadonlySet<string> {
  const holders = new Map<string, string>();
  const secret = new Set<string>();
  for (const [path, text] of manifests)
    for (const object of parseManifest(path, text)) {
      if (object.kind === "Secret") secret.add(path);
      const id = objectId(object);
      const other = holders.get(id);
      if (other !== undefined)
        throw new InstallerError("MANIFEST_DUPLICATE", other === path ? `${id} is twice in ${path}` : `${id} is both in ${other} and in ${path}`, {
          value: path,
        });
      holders.set(id, path);
    }
  return secret;
}

/** The same object may be written in another version of its group. */
function objectId({ apiVersion, kind, metadata }: KubernetesObject): string {
  const group = apiVersion.includes("/") ? `${apiVersion.split("/")[0]}/` : "";
  return `${group}${kind} ${(metadata.namespace ?? "") === "" ? "" : `${metadata.namespace}/`}${metadata.name}`;
}

import { type ClusterSpec, loadInstallConfig, withoutCredentials } from "../config/index.ts";
import { InstallerError } from "../errors/index.ts";
import { readBytesIfExists, type Environment, contentHash } from "../util/index.ts";
import type { ClusterFolder } from "./cluster-folder.ts";
import { credentialSource } from "./credentials.ts";
import type { SavedAssets } from "./saved-assets.ts";

export interface ReadCluster {
  readonly source: Buffer;
  /** With the timeouts of the run. */
  readonly spec: ClusterSpec;
  /** As the file says it. */
  readonly written: ClusterSpec;
  /** The same, where credentials that the file refers to are the references. */
  readonly referring: ClusterSpec;
}

/** Called with each warning of the install-config as a line. */
export type OnWarning = (warning: string) => void;

export interface ReadOptions {
  /** Where credentials may be, and what allows more than the rules. */
  readonly env: Environment;
  readonly onWarning: OnWarning;
  /** Milliseconds; they count instead of the install-config's, and are no change of it. */
  readonly timeouts?: Partial<ClusterSpec["timeouts"]> | undefined;
}

/** Bytes; no install-config is near it. */
const LARGEST = 16 * 1024 * 1024;

/**
 * The cluster that the folder's install-config describes. Writes nothing.
 * @throws InstallerError CONFIG_MISSING, CONFIG_INVALID
 */
export async function readCluster(folder: ClusterFolder, { env, onWarning, timeouts = {} }: ReadOptions): Promise<ReadCluster> {
  const source = await readBytesIfExists(folder.installConfig, { largest: LARGEST, follow: true });
  if (source === undefined) throw new InstallerError("CONFIG_MISSING", `there is no ${folder.installConfig}`, { value: folder.installConfig });
  const { spec: written, referring } = loadInstallConfig(source, folder.installConfig, credentialSource(folder.root, env), onWarning, env);
  return { source, written, referring, spec: { ...written, timeouts: { ...written.timeouts, ...timeouts } } };
}

/** What machines and their assets are made from: what is deployed into the cluster may change over its life, and limits at any time. */
function machinesOf({
  virtualization: _virtualization,
  timeouts: _timeouts,
  ...spec
}: ClusterSpec): Omit<ClusterSpec, "virtualization" | "timeouts"> {
  return spec;
}

/** SHA-256 of the file, and of what it means for the machines. */
export type Hashes = Pick<SavedAssets, "installConfig" | "spec">;

export const hashesOf = ({ source, written }: Pick<ReadCluster, "source" | "written">): Hashes => ({
  installConfig: contentHash(source.toString("utf8")),
  spec: contentHash(JSON.stringify(machinesOf(withoutCredentials(written)))),
});

/** @throws InstallerError CONFIG_CHANGED */
export function refuseChange(folder: ClusterFolder, saved: SavedAssets | undefined, now: Hashes): void {
  // The spec may be completed otherwise by another version, so only a changed file whose meaning differs is a change.
  if (saved === undefined || saved.installConfig === now.installConfig || saved.spec === now.spec) return;
  throw new InstallerError("CONFIG_CHANGED", `${folder.installConfig} has changed since the assets were created`, { value: folder.installConfig });
}

import { type KeyStore, parseKeyStore } from "../assets/index.ts";
import { type ClusterSpec, type Identity, type MachinePlan, planMachines } from "../config/index.ts";
import { InstallerError } from "../errors/index.ts";
import { type Platform, platformFor, type PlatformMetadata } from "../providers/index.ts";
import { readTextIfExists } from "../util/index.ts";
import type { ClusterFolder } from "./cluster-folder.ts";
import { knownIdentity } from "./identity.ts";
import { hashesOf, readCluster, refuseChange, type ReadCluster, type ReadOptions } from "./read-cluster.ts";
import { readSavedAssets } from "./saved-assets.ts";
import { secretsOf } from "./secrets.ts";

/** A cluster as far as it is known without writing or rendering anything. */
export interface LoadedCluster {
  readonly spec: ClusterSpec;
  /** The time of creation is empty where only metadata.json is there. */
  readonly identity: Identity;
  readonly machines: readonly MachinePlan[];
  readonly platform: Platform;
  readonly metadata: PlatformMetadata;
  readonly keys: KeyStore | undefined;
}

export interface LoadOptions extends ReadOptions {
  readonly folder: ClusterFolder;
  /** What was read of the folder in this run already. */
  readonly read?: ReadCluster | undefined;
  /** Take an install-config that has changed since the assets were created. */
  readonly changed?: boolean;
  /** Called with every secret as soon as it is known. */
  readonly onSecret: (secret: string) => void;
}

/**
 * A cluster that a run before has prepared, by identity.json or, in a folder that lost it, by metadata.json. Writes nothing.
 * @throws InstallerError CLUSTER_UNKNOWN if the folder holds none, CONFIG_CHANGED, IDENTITY_CONFLICT, METADATA_INVALID
 */
export async function loadCluster(options: LoadOptions): Promise<LoadedCluster> {
  const { folder, onSecret } = options;
  const text = await readTextIfExists(folder.keys);
  const keys = text === undefined ? undefined : parseKeyStore(text);
  secretsOf(undefined, keys).forEach(onSecret);
  const identity = await knownIdentity(folder);
  if (identity === undefined) throw new InstallerError("CLUSTER_UNKNOWN", `${folder.root} contains no cluster`, { value: folder.root });
  const read = options.read ?? (await readCluster(folder, options));
  const { spec } = read;
  secretsOf(spec, keys).forEach(onSecret);
  if (options.changed !== true) refuseChange(folder, await readSavedAssets(folder, () => undefined), hashesOf(read));
  const platform = platformFor(spec.platform.name);
  const machines = planMachines(spec, identity);
  return { spec, identity, machines, platform, metadata: platform.metadata(spec, identity, machines), keys };
}

import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { InstallerError, isInstallerError } from "../errors/index.ts";
import { type OwnedObject, type Platform, platformFor, type PlatformMetadata } from "../providers/index.ts";
import { clusterFolder, readCluster, readJsonIfExists } from "../stack/index.ts";
import { isRecord } from "../util/index.ts";
import { warnOnce } from "./config-warnings.ts";
import type { World } from "./context.ts";
import { knownCluster } from "./known-cluster.ts";

export interface Orphans {
  /** infraIDs of the clusters that are known. */
  readonly known: readonly string[];
  readonly orphans: readonly (OwnedObject & { readonly infraID: string })[];
}

/**
 * Lists what carries a cluster's mark and belongs to no cluster that is known: to none whose metadata.json lies in the cluster folder, in
 * one of the folders given, or one level below them. It looks where the cluster folder says, else where the first known cluster is. Removes nothing.
 * @throws InstallerError USAGE where clusters leave no marks that can be searched for
 */
export async function orphans(world: World, folders: readonly string[]): Promise<Orphans> {
  const clusters = (await Promise.all(folders.map((each) => clustersIn(resolve(each))))).flat();
  const { platform, metadata, infraID } = await placeOf(world, clusters);
  if (platform.orphans === undefined)
    throw new InstallerError("USAGE", `there is no search for orphans on platform ${platform.name}`, {
      value: platform.name,
      advice: "`virt-ipi destroy cluster --dry-run` lists what a known cluster has there.",
    });
  const known = new Set(infraID === undefined ? [] : [infraID]);
  for (const cluster of clusters) known.add(cluster.infraID);
  return { known: [...known], orphans: await platform.orphans(metadata, known, world) };
}

interface Place {
  readonly platform: Platform;
  readonly metadata: PlatformMetadata;
  readonly infraID?: string;
}

/** Where to look: as the folder's cluster says, else as its install-config does, else as the first of the clusters given. */
async function placeOf(world: World, clusters: readonly Marked[]): Promise<Place> {
  try {
    return await knownCluster(world);
  } catch (error) {
    if (!isInstallerError(error) || error.id !== "CLUSTER_UNKNOWN") throw error;
  }
  const [first] = clusters;
  if (first !== undefined && !existsSync(world.folder.installConfig)) return await knownCluster({ ...world, folder: clusterFolder(first.folder) });
  const { spec } = await readCluster(world.folder, { env: world.env, onWarning: warnOnce(world) });
  const platform = platformFor(spec.platform.name);
  const metadata = platform.metadata(spec, { infraID: `${spec.name}-00000`, clusterID: "", createdAt: "" }, []);
  world.redactor.add(...(platform.credentials?.secrets(metadata) ?? []));
  return { platform, metadata };
}

/** A folder with the metadata.json of a cluster. */
interface Marked {
  readonly folder: string;
  readonly infraID: string;
}

/** In the folder itself, and in those one level below. */
async function clustersIn(folder: string): Promise<readonly Marked[]> {
  const below = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw new InstallerError("FILE_UNREADABLE", `cannot read ${folder}`, { value: folder, cause: error });
  });
  const places = [folder, ...below.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name))];
  const found = await Promise.all(
    places.map(async (place) => ({ folder: place, infraID: (await readJsonIfExists(join(place, "metadata.json"), isRecord))?.["infraID"] })),
  );
  return found.filter((each): each is Marked => typeof each.infraID === "string");
}

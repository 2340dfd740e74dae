import { type Identity, parseIdentity } from "../config/index.ts";
import { InstallerError, isInstallerError } from "../errors/index.ts";
import type { ClusterFolder } from "./cluster-folder.ts";
import { readJsonIfExists } from "./json-file.ts";
import { infraIDInMetadata, readMetadata, type ClusterMetadata } from "./metadata-file.ts";

/** Who the cluster is, if it has been made already. @throws InstallerError IDENTITY_LOST if the file is damaged */
export async function readIdentity(folder: ClusterFolder): Promise<Identity | undefined> {
  const lost = (cause?: unknown): InstallerError =>
    new InstallerError("IDENTITY_LOST", `${folder.identity} is damaged`, { value: folder.identity, cause });
  const written = await readJsonIfExists<unknown>(folder.identity).catch((error: unknown) => {
    throw lost(error);
  });
  if (written === undefined) return undefined;
  const identity = parseIdentity(written);
  if (identity === undefined) throw lost();
  return identity;
}

/**
 * The identity to write assets with; undefined where the folder contains no cluster, so that one may be made. A metadata.json is never left to be
 * overwritten with another cluster's: it may be all that there is to find the old one's machines by.
 * @throws InstallerError IDENTITY_LOST if only metadata.json knows the cluster, IDENTITY_CONFLICT, METADATA_INVALID
 */
export async function identityToWriteWith(folder: ClusterFolder): Promise<Identity | undefined> {
  const identity = await readIdentity(folder);
  if (identity !== undefined) {
    const other = await infraIDInMetadata(folder);
    if (other !== undefined && other !== identity.infraID) throw conflict(folder, identity, other);
    return identity;
  }
  const metadata = await readMetadata(folder);
  if (metadata === undefined) return undefined;
  throw new InstallerError("IDENTITY_LOST", `${folder.metadata} is of cluster ${metadata.infraID}, but ${folder.identity} is missing`, {
    value: metadata.infraID,
  });
}

/** A cluster that is only looked at, or taken down: metadata.json counts alone where the identity is missing. */
export interface FoundCluster {
  readonly metadata: ClusterMetadata;
  /** With an empty time of creation where only metadata.json is there, and an empty clusterID where that lost it. */
  readonly identity: Identity;
  /** Why the identity could not be compared. */
  readonly warning?: string;
}

/** Writes nothing. Undefined if there is no metadata.json. @throws InstallerError IDENTITY_CONFLICT, METADATA_INVALID, CLUSTER_UNKNOWN */
export async function findCluster(folder: ClusterFolder): Promise<FoundCluster | undefined> {
  const metadata = await readMetadata(folder);
  if (metadata === undefined) return undefined;
  const { infraID, clusterID } = metadata;
  let identity: Identity | undefined;
  let warning: string | undefined;
  try {
    identity = await readIdentity(folder);
  } catch (error) {
    if (!isInstallerError(error)) throw error;
    warning = `${error.message}; metadata.json alone shows which cluster this is: ${infraID}`;
  }
  if (identity !== undefined && (identity.infraID !== infraID || (clusterID !== undefined && identity.clusterID !== clusterID)))
    throw conflict(folder, identity, infraID);
  return { metadata, identity: identity ?? { infraID, clusterID: clusterID ?? "", createdAt: "" }, ...(warning === undefined ? {} : { warning }) };
}

/** Who the cluster is, for what writes nothing: by metadata.json, else by an identity alone. Undefined if there is none. @throws as both */
export const knownIdentity = async (folder: ClusterFolder): Promise<Identity | undefined> =>
  (await findCluster(folder))?.identity ?? (await readIdentity(folder));

const conflict = (folder: ClusterFolder, identity: Identity, other: string): InstallerError =>
  new InstallerError("IDENTITY_CONFLICT", `metadata.json is of cluster ${other}, .virt-ipi/identity.json of cluster ${identity.infraID}`, {
    value: folder.root,
    details: [
      `for ${identity.infraID}: move metadata.json away, run \`virt-ipi create ignition-configs\`, which writes it again, then this command`,
      `for ${other}: move metadata.json into an empty folder and run this command there`,
    ],
  });

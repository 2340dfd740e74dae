import type { Identity } from "../config/index.ts";
import { InstallerError } from "../errors/index.ts";
import { type Platform, platformFor, type PlatformMetadata, platformNames } from "../providers/index.ts";
import { credentialSource, findCluster, type FoundCluster, type PreparedCluster } from "../stack/index.ts";
import type { World } from "./context.ts";

/** What is needed to find a cluster's objects: from metadata.json alone, so that it works without install-config and state. */
export interface KnownCluster {
  readonly name: string;
  readonly infraID: string;
  readonly identity: Identity;
  readonly platform: Platform;
  readonly metadata: PlatformMetadata;
}

/** The same of a cluster whose install-config was read. */
export const knownOf = ({
  spec,
  identity,
  platform,
  metadata,
}: Pick<PreparedCluster, "spec" | "identity" | "platform" | "metadata">): KnownCluster => ({
  name: spec.name,
  infraID: identity.infraID,
  identity,
  platform,
  metadata,
});

/** Whosever its machines are. Writes nothing. @throws InstallerError CLUSTER_UNKNOWN, METADATA_INVALID, IDENTITY_CONFLICT */
export async function clusterOfFolder({ folder, reporter }: Pick<World, "folder" | "reporter">): Promise<FoundCluster> {
  const found = await findCluster(folder);
  if (found === undefined)
    throw new InstallerError("CLUSTER_UNKNOWN", `${folder.root} contains no cluster`, { value: folder.root, details: ["metadata.json is missing"] });
  if (found.warning !== undefined) reporter.emit({ type: "log", level: "warning", message: found.warning });
  return found;
}

/** Writes nothing. @throws InstallerError of `clusterOfFolder`, PLATFORM_UNSUPPORTED where the machines are the user's */
export async function knownCluster(world: Pick<World, "folder" | "env" | "redactor" | "reporter">): Promise<KnownCluster> {
  const { folder, env, redactor } = world;
  const found = await clusterOfFolder(world);
  const { name, infraID, platform: written } = found.metadata;
  if (written === undefined)
    throw new InstallerError("PLATFORM_UNSUPPORTED", `virt-ipi has created no machines of cluster ${infraID}`, {
      value: infraID,
      details: [`metadata.json names none of the platforms that it creates machines on: ${platformNames.join(", ")}`],
      advice: "Look at its machines, and remove them, where you created them. When they are gone, nothing but the folder is left of the cluster.",
    });
  const platform = platformFor(written.platform);
  const metadata = platform.credentials?.follow(written, credentialSource(folder.root, env)) ?? written;
  redactor.add(...(platform.credentials?.secrets(metadata) ?? []));
  return { name, infraID, identity: found.identity, platform, metadata };
}

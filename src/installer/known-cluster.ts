import type { Identity } from "../config/index.ts";
import { InstallerError } from "../errors/index.ts";
import { type Platform, platformFor, type PlatformMetadata } from "../providers/index.ts";
import { credentialSource, findCluster, type PreparedCluster } from "../stack/index.ts";
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

/** Writes nothing. @throws InstallerError CLUSTER_UNKNOWN, METADATA_INVALID, IDENTITY_CONFLICT */
export async function knownCluster(world: Pick<World, "folder" | "env" | "redactor" | "reporter">): Promise<KnownCluster> {
  const { folder, env, redactor, reporter } = world;
  const found = await findCluster(folder);
  if (found === undefined)
    throw new InstallerError("CLUSTER_UNKNOWN", `${folder.root} contains no cluster`, { value: folder.root, details: ["metadata.json is missing"] });
  if (found.warning !== undefined) reporter.emit({ type: "log", level: "warning", message: found.warning });
  const { name, infraID, platform: written } = found.metadata;
  const platform = platformFor(written.platform);
  const metadata = platform.credentials?.follow(written, credentialSource(folder.root, env)) ?? written;
  redactor.add(...(platform.credentials?.secrets(metadata) ?? []));
  return { name, infraID, identity: found.identity, platform, metadata };
}

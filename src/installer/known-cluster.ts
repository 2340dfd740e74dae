import type { Identity } from "../config/index.ts";
import { InstallerError } from "../errors/index.ts";
import { platformNames, platformFor, type Platform, type PlatformMetadata } from "../providers/index.ts";
import { credentialSource, readIdentity, readJsonIfExists, type PreparedCluster } from "../stack/index.ts";
import type { World } from "./context.ts";

/** What is needed to find a cluster's objects: from metadata.json alone, so that it works without install-config and state. */
export interface KnownCluster {
  readonly name: string;
  readonly infraID: string;
  readonly platform: Platform;
  readonly metadata: PlatformMetadata;
}

/** The same of a cluster whose install-config was read. */
export const knownOf = ({ spec, identity, platform, metadata }: PreparedCluster): KnownCluster => ({
  name: spec.name,
  infraID: identity.infraID,
  platform,
  metadata,
});

/** @throws InstallerError CLUSTER_UNKNOWN */
export async function knownCluster(world: Pick<World, "folder" | "env" | "redactor">): Promise<KnownCluster> {
  const { folder } = world;
  const metadata = await readJsonIfExists<Record<string, unknown>>(folder.metadata);
  const identity: Identity | undefined = await readIdentity(folder);
  const infraID = metadata?.["infraID"] ?? identity?.infraID;
  const name = platformNames.find((each) => metadata !== undefined && each in metadata);
  if (typeof infraID !== "string" || infraID === "" || metadata === undefined || name === undefined)
    throw new InstallerError("CLUSTER_UNKNOWN", `${folder.root} holds no cluster`, {
      value: folder.root,
      details: ["metadata.json is missing or names no platform of this version"],
    });
  const { clusterName } = metadata;
  const platform = platformFor(name);
  const written = { platform: name, ...(metadata[name] as Record<string, unknown>) };
  const followed = platform.credentials?.follow(written, credentialSource(folder.root, world.env)) ?? written;
  world.redactor.add(...(platform.credentials?.secrets(followed) ?? []));
  return {
    name: typeof clusterName === "string" ? clusterName : infraID,
    infraID,
    platform,
    metadata: followed,
  };
}

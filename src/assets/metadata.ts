import type { ClusterSpec, Identity } from "../config/index.ts";

/** metadata.json: enough to find and remove a cluster. The fields are OpenShift's; the section has the platform's name. */
export interface Metadata {
  readonly clusterName: string;
  readonly clusterID: string;
  readonly infraID: string;
  readonly featureSet: "";
  readonly customFeatureSet: null;
  readonly [platform: string]: unknown;
}

/** @param platform what the platform needs to find its objects again, perhaps with credentials; absent for platform none */
export function makeMetadata(
  spec: Pick<ClusterSpec, "name">,
  identity: Identity,
  platform?: { readonly platform: string; readonly [key: string]: unknown },
): Metadata {
  const section =
    platform === undefined ? {} : { [platform.platform]: Object.fromEntries(Object.entries(platform).filter(([key]) => key !== "platform")) };
  return { clusterName: spec.name, clusterID: identity.clusterID, infraID: identity.infraID, ...section, featureSet: "", customFeatureSet: null };
}

export const metadataText = (metadata: Metadata): string => `${JSON.stringify(metadata, null, 2)}\n`;

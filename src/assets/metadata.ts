import { type ClusterSpec, type CustomFeatures, customFeatures, type Identity, openshiftPlatformOf } from "../config/index.ts";

/** metadata.json: enough to find and remove a cluster. The fields are OpenShift's; the section has the platform's name. */
export interface Metadata {
  readonly clusterName: string;
  readonly clusterID: string;
  readonly infraID: string;
  readonly featureSet: string;
  readonly customFeatureSet: CustomFeatures | null;
  readonly [platform: string]: unknown;
}

/** @param platform what the platform needs to find its objects again, perhaps with credentials; absent for platform none */
export function makeMetadata(
  spec: Pick<ClusterSpec, "name" | "openshift"> & Partial<Pick<ClusterSpec, "platform">>,
  identity: Identity,
  platform?: { readonly platform: string; readonly [key: string]: unknown },
): Metadata {
  const section = platform === undefined ? ownSection(spec) : { [platform.platform]: without(platform) };
  const features = { featureSet: spec.openshift?.config.featureSet ?? "", customFeatureSet: customFeatures(spec) };
  return { clusterName: spec.name, clusterID: identity.clusterID, infraID: identity.infraID, ...section, ...features };
}

const without = (platform: object): object => Object.fromEntries(Object.entries(platform).filter(([key]) => key !== "platform"));

/** Of a platform whose machines the user brings. */
function ownSection({ platform }: Partial<Pick<ClusterSpec, "platform">>): object {
  const own = platform === undefined ? undefined : openshiftPlatformOf({ platform })?.metadata?.({ platform });
  return platform === undefined || own === undefined ? {} : { [platform.name]: own };
}

export const metadataText = (metadata: Metadata): string => `${JSON.stringify(metadata, null, 2)}\n`;

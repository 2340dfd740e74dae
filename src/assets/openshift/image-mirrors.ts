import type { Manifest } from "../manifests/index.ts";
import type { OpenShiftContext } from "./context.ts";
import { manifest, typed } from "./objects.ts";

interface Mirrored {
  readonly source: string;
  readonly mirrors: readonly string[];
  readonly policy?: string;
}

/** In the order given, of the key of today or of the deprecated one. */
function givenMirrors({ openshift: { config }, contract }: OpenShiftContext): readonly Mirrored[] {
  return [
    ...(config.imageDigestSources ?? []).map(({ source = "", mirrors = [], sourcePolicy }) => ({
      source,
      mirrors,
      ...(sourcePolicy === undefined || !contract.sourcePolicy ? {} : { policy: sourcePolicy }),
    })),
    ...(config.imageContentSources ?? []).map(({ source = "", mirrors = [] }) => ({ source, mirrors })),
  ];
}

/** The same where a source that occurs twice is one, with each of its mirrors once. */
export function mergedMirrors(context: OpenShiftContext): readonly Mirrored[] {
  const groups = Map.groupBy(givenMirrors(context), ({ source, policy = "" }) => `${source} ${policy}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [{ ...first, mirrors: [...new Set(group.flatMap(({ mirrors }) => mirrors))] }];
  });
}

/** How the cluster's nodes find mirrors; of the deprecated key an object of the deprecated kind. */
export function imageMirrors(context: OpenShiftContext): readonly Manifest[] {
  const { openshift, contract } = context;
  const given = givenMirrors(context);
  if (given.length === 0) return [];
  if ((openshift.config.imageDigestSources ?? []).length === 0)
    return [
      manifest(
        "manifests/image-content-source-policy.yaml",
        typed(contract, {
          apiVersion: "operator.openshift.io/v1alpha1",
          kind: "ImageContentSourcePolicy",
          metadata: { name: "image-policy" },
          spec: { repositoryDigestMirrors: given },
        }),
      ),
    ];
  return [
    manifest(
      "manifests/image-digest-mirror-set.yaml",
      typed(contract, {
        apiVersion: "config.openshift.io/v1",
        kind: "ImageDigestMirrorSet",
        metadata: { name: "image-digest-mirror" },
        spec: {
          imageDigestMirrors: given.map(({ source, mirrors, policy }) => ({
            source,
            ...(mirrors.length === 0 ? {} : { mirrors }),
            ...(policy === undefined ? {} : { mirrorSourcePolicy: policy }),
          })),
        },
        status: {},
      }),
    ),
  ];
}

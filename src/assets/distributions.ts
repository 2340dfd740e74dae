import { type ClusterSpec, isRendered, MACHINE_PLATFORMS, openshiftPlatformOf, type RenderedDistribution } from "../config/index.ts";
import { InstallerError } from "../errors/index.ts";
import type { DistributionRenderer } from "./distribution-renderer.ts";
import { kubernetesRenderer } from "./kubernetes/index.ts";
import { openshiftRenderer } from "./openshift/index.ts";

const RENDERERS: Readonly<Record<RenderedDistribution, (spec: Pick<ClusterSpec, "openshift" | "platform">) => DistributionRenderer>> = {
  kubernetes: () => kubernetesRenderer,
  openshift: openshiftRenderer,
  okd: openshiftRenderer,
};

/** @throws InstallerError DISTRIBUTION_UNSUPPORTED where the distribution is not rendered at all, or not on the platform */
export function rendererOf(spec: Pick<ClusterSpec, "distribution" | "platform" | "openshift">): DistributionRenderer {
  const { distribution, platform } = spec;
  if (isRendered(distribution) && (distribution === "kubernetes" || openshiftPlatformOf(spec) !== undefined)) return RENDERERS[distribution](spec);
  throw new InstallerError(
    "DISTRIBUTION_UNSUPPORTED",
    `distribution ${distribution} is not yet supported by this version on platform ${platform.name}`,
    {
      value: distribution,
      advice: `Use \`distribution: kubernetes\`, on platform ${MACHINE_PLATFORMS.join(" or ")}. \`virt-ipi validate\` checks files for openshift and okd in full.`,
    },
  );
}

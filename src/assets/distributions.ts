import { type Distribution, isRendered, MACHINE_PLATFORMS, type RenderedDistribution } from "../config/index.ts";
import { InstallerError } from "../errors/index.ts";
import type { DistributionRenderer } from "./distribution-renderer.ts";
import { kubernetesRenderer } from "./kubernetes/index.ts";

const RENDERERS: Readonly<Record<RenderedDistribution, DistributionRenderer>> = { kubernetes: kubernetesRenderer };

/** @throws InstallerError DISTRIBUTION_UNSUPPORTED */
export function rendererOf(distribution: Distribution): DistributionRenderer {
  if (!isRendered(distribution))
    throw new InstallerError("DISTRIBUTION_UNSUPPORTED", `distribution ${distribution} is not yet supported by this version, on any platform`, {
      value: distribution,
      advice: `Use \`distribution: kubernetes\`, on platform ${MACHINE_PLATFORMS.join(" or ")}. \`virt-ipi validate\` checks files for openshift and okd in full.`,
    });
  return RENDERERS[distribution];
}

import { type Distribution, MACHINE_PLATFORMS } from "../config/index.ts";
import { InstallerError } from "../errors/index.ts";
import type { DistributionRenderer } from "./distribution-renderer.ts";
import { kubernetesRenderer } from "./kubernetes/index.ts";

/** The only place that names the distributions there are. */
const RENDERERS: Readonly<Partial<Record<Distribution, DistributionRenderer>>> = { kubernetes: kubernetesRenderer };

/** @throws InstallerError DISTRIBUTION_UNSUPPORTED */
export function rendererOf(distribution: Distribution): DistributionRenderer {
  const renderer = RENDERERS[distribution];
  if (renderer === undefined)
    throw new InstallerError("DISTRIBUTION_UNSUPPORTED", `distribution ${distribution} is not yet supported by this version, on any platform`, {
      value: distribution,
      advice: `Use \`distribution: kubernetes\`, on platform ${MACHINE_PLATFORMS.join(" or ")}. \`virt-ipi validate\` checks files for openshift and okd in full.`,
    });
  return renderer;
}

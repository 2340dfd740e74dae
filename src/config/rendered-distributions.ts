import type { Distribution } from "./cluster-spec.ts";

/** Those that assets can be rendered for; of the others, install-configs are checked. */
export const RENDERED_DISTRIBUTIONS = ["kubernetes", "openshift", "okd"] as const satisfies readonly Distribution[];

export type RenderedDistribution = (typeof RENDERED_DISTRIBUTIONS)[number];

export const isRendered = (distribution: Distribution): distribution is RenderedDistribution =>
  (RENDERED_DISTRIBUTIONS as readonly Distribution[]).includes(distribution);

/** Whether a distribution's clusters can be brought up; of the others there are only assets. */
export const isInstallable = (distribution: Distribution): boolean => distribution === "kubernetes";

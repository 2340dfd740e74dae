import type { InstallConfig } from "../../install-config.ts";
import { contractOf, type InventoryContract } from "../../openshift/contract.ts";
import { releaseOf } from "../../openshift/release.ts";

/** Rules that not all versions of OpenShift have. */
export interface PlacementRules extends Pick<InventoryContract, "zonesOnce" | "oneImageSource" | "checksDatacenters"> {
  /** A resource pool is named by its path: OpenShift's installer completes names of all but these. */
  readonly poolsByPath: boolean;
  /** A datacenter is what its vCenter's list calls it, letter by letter; else a slash more or less is no matter. */
  readonly datacentersByText: boolean;
}

export const ALL_RULES: PlacementRules = {
  zonesOnce: true,
  oneImageSource: true,
  checksDatacenters: true,
  poolsByPath: false,
  datacentersByText: false,
};

/** Those of the version of OpenShift; upstream Kubernetes has them all. */
export const placementRules = (config: Pick<InstallConfig, "distribution" | "release">): PlacementRules =>
  config.distribution === "kubernetes"
    ? ALL_RULES
    : { ...contractOf(releaseOf(config).version).inventory, poolsByPath: true, datacentersByText: true };

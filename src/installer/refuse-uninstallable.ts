import { type ClusterSpec, isInstallable } from "../config/index.ts";
import { InstallerError } from "../errors/index.ts";

/** @throws InstallerError DISTRIBUTION_UNSUPPORTED for a distribution whose assets are rendered, but whose clusters are not brought up */
export function refuseUninstallable({ distribution }: Pick<ClusterSpec, "distribution">): void {
  if (isInstallable(distribution)) return;
  throw new InstallerError("DISTRIBUTION_UNSUPPORTED", `this version cannot install distribution ${distribution}`, {
    value: distribution,
    advice:
      "Manifests and Ignition configs can be created: run `virt-ipi create ignition-configs`, start your own machines with them, and follow their installation with `virt-ipi wait-for bootstrap-complete`. To have a cluster installed, use `distribution: kubernetes`.",
  });
}

import type { ClusterSpec } from "../../config/index.ts";
import type { FailureDomainSpec, VCenterSpec, VSpherePlatformSpec } from "../../config/platforms/vsphere/index.ts";
import { InstallerError } from "../../errors/index.ts";

/** @throws InstallerError INTERNAL if the cluster is not for vSphere */
export function vsphereSpecOf({ platform }: Pick<ClusterSpec, "platform">): VSpherePlatformSpec {
  if (platform.name !== "vsphere") throw new InstallerError("INTERNAL", "the cluster is not for vSphere", { value: platform.name });
  return platform;
}

/** @throws InstallerError INTERNAL: the rules of the install-config let no unknown name pass */
export function failureDomainOf({ failureDomains }: Pick<VSpherePlatformSpec, "failureDomains">, name: string): FailureDomainSpec {
  const found = failureDomains.find((domain) => domain.name === name);
  if (found === undefined) throw new InstallerError("INTERNAL", `there is no failure domain ${name}`, { value: name });
  return found;
}

/** @throws InstallerError INTERNAL: the rules of the install-config let no unknown server pass */
export function vcenterOf({ vcenters }: Pick<VSpherePlatformSpec, "vcenters">, server: string): VCenterSpec {
  const found = vcenters.find((vcenter) => vcenter.server === server);
  if (found === undefined) throw new InstallerError("INTERNAL", `there is no vCenter ${server}`, { value: server });
  return found;
}

/**
 * A file in the old form without a network does for manifests and Ignition configs, but says too little to make machines.
 * @throws InstallerError PLATFORM_UNSUPPORTED
 */
export function requireMachinesOfOurs({ userProvisioned }: Pick<VSpherePlatformSpec, "userProvisioned">): void {
  if (!userProvisioned) return;
  throw new InstallerError("PLATFORM_UNSUPPORTED", "the install-config names no network, so it is for machines that you create yourself", {
    value: "platform.vsphere.network",
    advice: "Name the network and the cluster, best as failureDomains; or run `virt-ipi create ignition-configs` and create the machines yourself.",
  });
}

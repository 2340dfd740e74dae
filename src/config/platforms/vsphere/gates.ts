import type { InstallConfig, VspherePool } from "../../install-config.ts";
import type { GatedKey } from "../platform-config.ts";

/** Keys that OpenShift knows only behind a feature gate. */
export function vsphereGates(config: InstallConfig): readonly GatedKey[] {
  const { failureDomains = [], nodeNetworking, defaultMachinePlatform } = config.platform?.vsphere ?? {};
  const path = "platform.vsphere";
  const disks = (pool: VspherePool | undefined): boolean => (pool?.dataDisks ?? []).length > 0;
  const used: readonly (GatedKey & { readonly isUsed: boolean })[] = [
    {
      path: `${path}.failureDomains.topology.networks`,
      gate: "VSphereMultiNetworks",
      isUsed: failureDomains.some(({ topology }) => (topology?.networks ?? []).length > 1),
    },
    { path: `${path}.nodeNetworking`, gate: "VSphereMultiNetworks", isUsed: nodeNetworking !== undefined },
    { path: `${path}.defaultMachinePlatform.dataDisks`, gate: "VSphereMultiDisk", isUsed: disks(defaultMachinePlatform) },
    { path: "controlPlane.platform.vsphere.dataDisks", gate: "VSphereMultiDisk", isUsed: disks(config.controlPlane.platform?.vsphere) },
    { path: "compute.platform.vsphere.dataDisks", gate: "VSphereMultiDisk", isUsed: config.compute.some(({ platform }) => disks(platform?.vsphere)) },
  ];
  return used.filter(({ isUsed }) => isUsed);
}

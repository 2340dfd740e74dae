import type { InstallConfig } from "../../install-config.ts";
import type { VspherePool } from "./spec.ts";
import type { GatedKey } from "../platform-config.ts";

const NETWORKS = "VSphereMultiNetworks";
const HOSTS = "VSphereHostVMGroupZonal";
const RECORDS = "OnPremDNSRecords";
const DISKS = "VSphereMultiDisk";

/** Keys that OpenShift knows only behind a feature gate. */
export function vsphereGates(config: InstallConfig): readonly GatedKey[] {
  const { failureDomains = [], nodeNetworking, dnsRecordsType } = config.platform?.vsphere ?? {};
  const path = "platform.vsphere";
  const disks = (pool: VspherePool | undefined): boolean => (pool?.dataDisks ?? []).length > 0;
  const used: readonly (GatedKey & { readonly isUsed: boolean })[] = [
    {
      path: `${path}.failureDomains.topology.networks`,
      gate: NETWORKS,
      isUsed: failureDomains.some(({ topology }) => (topology?.networks ?? []).length > 1),
    },
    { path: `${path}.nodeNetworking`, gate: NETWORKS, isUsed: nodeNetworking !== undefined },
    {
      path: `${path}.failureDomains.zoneType`,
      gate: HOSTS,
      isUsed: failureDomains.some(({ zoneType, topology }) => zoneType === "HostGroup" || (topology?.hostGroup ?? "") !== ""),
    },
    { path: `${path}.dnsRecordsType`, gate: RECORDS, isUsed: dnsRecordsType === "External" },
    { path: "controlPlane.platform.vsphere.dataDisks", gate: DISKS, isUsed: disks(config.controlPlane.platform?.vsphere) },
    { path: "compute.platform.vsphere.dataDisks", gate: DISKS, isUsed: config.compute.some(({ platform }) => disks(platform?.vsphere)) },
  ];
  return used.filter(({ isUsed }) => isUsed);
}

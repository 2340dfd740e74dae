export {
  getComputeCluster,
  getDatacenter,
  getDatastore,
  getNetwork,
  getResourcePool,
  getVirtualMachine,
  type FoundVirtualMachine,
  type LookupOptions,
} from "./functions.ts";
export { Folder, ResourcePool } from "./inventory.ts";
export { ComputeClusterVmAntiAffinityRule, ComputeClusterVmGroup, ComputeClusterVmHostRule } from "./placement.ts";
export { Provider, type ProviderArgs } from "./provider.ts";
export { Tag, TagCategory } from "./tags.ts";
export { VSPHERE_VERSION } from "./version.ts";
export { VirtualMachine, type DiskArgs, type NetworkInterfaceArgs } from "./virtual-machine.ts";

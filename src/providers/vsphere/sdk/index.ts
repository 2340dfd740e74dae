export {
  getComputeCluster,
  getDatacenter,
  getDatastore,
  getFolder,
  getNetwork,
  getPolicy,
  getResourcePool,
  getTag,
  getTagCategory,
  getVirtualMachine,
  type ComputeCluster,
  type Found,
  type FoundVirtualMachine,
  type LookupOptions,
  type Network,
  type TemplateDisk,
} from "./functions.ts";
export { Folder, ResourcePool, type FolderArgs, type ResourcePoolArgs } from "./inventory.ts";
export {
  ComputeClusterVmAntiAffinityRule,
  ComputeClusterVmGroup,
  ComputeClusterVmHostRule,
  type AntiAffinityRuleArgs,
  type VmGroupArgs,
  type VmHostRuleArgs,
} from "./placement.ts";
export { Provider, type ProviderArgs } from "./provider.ts";
export { Tag, TagCategory, type TagArgs, type TagCategoryArgs } from "./tags.ts";
export { VSPHERE_VERSION } from "./version.ts";
export { VirtualMachine, type CloneArgs, type DiskArgs, type NetworkInterfaceArgs, type VirtualMachineArgs } from "./virtual-machine.ts";

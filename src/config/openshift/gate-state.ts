/** Feature gates of OpenShift that keys of the install-config, or assets, depend on. */
export type GateName =
  | "VSphereMultiNetworks"
  | "VSphereMultiDisk"
  | "VSphereHostVMGroupZonal"
  | "HighlyAvailableArbiter"
  | "DualReplica"
  | "MultiDiskSetup"
  | "OSStreams"
  | "OnPremDNSRecords"
  | "ConfigurablePKI"
  | "NoRegistryClusterInstall"
  | "ClusterAPIMachineManagement"
  | "CRDCompatibilityRequirementOperator"
  | "ShortCertRotation";

/**
 * In which feature sets a gate is open: `default` in all but CustomNoUpgrade, which opens only what it names; `preview` in TechPreviewNoUpgrade and
 * DevPreviewNoUpgrade; `developer` in the latter; `custom` only where it is named. `free`: the version has no such gate any more, and what was
 * behind it is open.
 */
export type GateState = "default" | "preview" | "developer" | "custom" | "free";

export { pemBlocks } from "./certificates.ts";
export type {
  ClusterSpec,
  Distribution,
  HostPathPool,
  KvmPlatformSpec,
  ManifestComponent,
  ManifestOperators,
  MachinePool,
  MachineRole,
  Networking,
  OlmOperators,
  PinnedFile,
  PlatformSpec,
  Proxy,
  StaticHost,
  Timeouts,
  Vips,
  VirtualizationSpec,
  VirtualizationStorage,
  VirtualizationUsers,
} from "./cluster-spec.ts";
export { explain, type FieldExplanation, type FieldSummary } from "./explain.ts";
export { isInfraID, isNameOfCluster, isUuid, makeIdentity, makeInfraId, parseIdentity, type Identity } from "./identity.ts";
export { clusterNameProblem } from "./rules/identity.ts";
export type { InstallConfig } from "./install-config.ts";
export { formatIssue, type ConfigIssue, type IssueKind } from "./issue.ts";
export { connectionUriProblem } from "./platforms/kvm/connection-uri.ts";
export { jsonSchema } from "./json-schema.ts";
export { LARGEST_INSTALL_CONFIG } from "./load/text.ts";
export { machinePart } from "./machine-part.ts";
export {
  ADDRESS_OFFSETS,
  addressAt,
  bootstrapUserOf,
  COMPUTE_BOOTSTRAP_USER,
  macAddressOf,
  plannedAddresses,
  planMachines,
  reservedAddresses,
  type MachinePlan,
} from "./machine-plan.ts";
export { loadClusterSpec, parseInstallConfig, type ParsedInstallConfig } from "./parse.ts";
export { followReference, type CredentialSource } from "./credentials.ts";
export { isSystemFolder } from "./system-folders.ts";
export { redactInstallConfig } from "./redact.ts";
export { renderInstallConfig, type InstallConfigAnswers, type VSphereAnswers } from "./render.ts";
export {
  networkPath,
  vmFolder,
  type DataDiskSpec,
  type FailureDomainSpec,
  type NamedObject,
  type NodeNetworkSpec,
  type TopologySpec,
  type VCenterSpec,
  type VSphereMachinePlan,
  type VSpherePlatformSpec,
  type VSpherePoolSpec,
} from "./platforms/vsphere/spec.ts";
export { minorOf, releaseOf, RELEASES, supportsKubernetes, type Release } from "./virtualization/compatibility.ts";

export { pemBlocks } from "./certificates.ts";
export type {
  ClusterSpec,
  Distribution,
  HostPathPool,
  ImageMirrors,
  MachineSize,
  ManifestComponent,
  ManifestOperators,
  MachinePlan,
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
export { keyEffects, type KeyEffectRow } from "./effects/describe.ts";
export { hyperConvergedFields, type HyperConvergedRow } from "./virtualization/hyper-converged-table.ts";
export { explain, type FieldExplanation, type FieldSummary } from "./explain.ts";
export { isInstallable, isRendered, RENDERED_DISTRIBUTIONS, type RenderedDistribution } from "./rendered-distributions.ts";
export { mirrorPrefix, splitRepository } from "./image-mirrors.ts";
export { isInfraID, isNameOfCluster, isUuid, makeIdentity, makeInfraId, parseIdentity, type Identity } from "./identity.ts";
export { clusterNameProblem } from "./rules/identity.ts";
export type { InstallConfig } from "./install-config.ts";
export { formatIssue, type ConfigIssue, type IssueKind } from "./issue.ts";
export { jsonSchema } from "./json-schema.ts";
export { LARGEST_INSTALL_CONFIG } from "./load/text.ts";
export { machinePart } from "./machine-part.ts";
export { freeMacAddress } from "./network/mac-address.ts";
export { ADDRESS_OFFSETS, addressAt } from "./network/managed-addresses.ts";
export { isAutoscaled } from "./machine-api/is-autoscaled.ts";
export { planMachineSets, type MachineSetPlan } from "./machine-api/plan-machine-sets.ts";
export { shareOf } from "./machine-api/autoscaling.ts";
export {
  bootstrapUserOf,
  COMPUTE_BOOTSTRAP_USER,
  hostNameCommandOf,
  MACHINE_CONTROLLER_USER,
  managedNetwork,
  plannedAddresses,
  expectedMachines,
  planMachines,
  reservedAddresses,
} from "./machine-plan.ts";
export { loadClusterSpec, loadInstallConfig, parseInstallConfig, type ParsedInstallConfig } from "./parse.ts";
export { followReference, platformSecrets, withoutCredentials, type CredentialSource } from "./credentials.ts";
export { authsOf } from "./pull-secret.ts";
export { isSystemFolder } from "./system-folders.ts";
export { redactInstallConfig } from "./redact.ts";
export type { PlatformName } from "./platforms/keys.ts";
export { contractOfCluster, type Contract } from "./openshift/contract.ts";
export { customFeatures, type CustomFeatures, isGateOpen } from "./openshift/gates.ts";
export type { OpenShiftSpec } from "./openshift/openshift-spec.ts";
export type { OpenShiftPlatform, PlatformCertificate, PlatformFile } from "./platforms/openshift-platform.ts";
export { asRendered, MACHINE_PLATFORMS, openshiftPlatformOf, platformConfigOf } from "./platforms/registry.ts";
export { isReference, type PlatformAnswers, type Question, type Questions } from "./platforms/questions.ts";
export { askedPlatforms, renderInstallConfig, type InstallConfigAnswers } from "./render.ts";
export { minorOf, releaseOf, RELEASES, supportsKubernetes, type Release } from "./virtualization/compatibility.ts";

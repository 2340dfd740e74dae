/**
 * What the spec of HyperConverged hco.kubevirt.io/v1beta1 knows, and the minor version of HCO that each came with. Source:
 * kubevirt/hyperconverged-cluster-operator, api/v1beta1/hyperconverged_types.go at each release from v1.2.0 to v1.18.1, by description.
 */

/** The oldest release of HCO that a row of versions is of; what came with it or before is there in all. */
const OLDEST = 15;

/** True for what some release that this version knows is without. @param since minor version of HCO, such as `1.16` */
export const isLate = (since: string): boolean => Number(since.split(".")[1]) > OLDEST;

export const FIELD_SINCE = {
  infra: "1.2",
  workloads: "1.2",
  localStorageClassName: "1.2",
  featureGates: "1.3",
  certConfig: "1.4",
  obsoleteCPUs: "1.4",
  permittedHostDevices: "1.4",
  resourceRequirements: "1.4",
  scratchSpaceStorageClass: "1.4",
  storageImport: "1.4",
  vddkInitImage: "1.4",
  commonTemplatesNamespace: "1.5",
  workloadUpdateStrategy: "1.5",
  dataImportCronTemplates: "1.6",
  mediatedDevicesConfiguration: "1.6",
  defaultCPUModel: "1.7",
  filesystemOverhead: "1.7",
  logVerbosityConfig: "1.7",
  tlsSecurityProfile: "1.7",
  kubeSecondaryDNSNameServerIP: "1.9",
  tuningPolicy: "1.9",
  defaultRuntimeClass: "1.10",
  evictionStrategy: "1.10",
  virtualMachineOptions: "1.10",
  vmStateStorageClass: "1.10",
  applicationAwareConfig: "1.11",
  commonBootImageNamespace: "1.11",
  ksmConfiguration: "1.11",
  networkBinding: "1.11",
  higherWorkloadDensity: "1.12",
  CommonInstancetypesDeployment: "1.15",
  deployVmConsoleProxy: "1.15",
  enableApplicationAwareQuota: "1.15",
  instancetypeConfig: "1.15",
  liveUpdateConfiguration: "1.16",
  kubeMacPoolConfiguration: "1.17",
  changedBlockTrackingLabelSelectors: "1.18",
  hypervisors: "1.18",
  roleAggregationStrategy: "1.18",
} as const;

export const GATES: Readonly<Record<string, string>> = {
  deployKubeSecondaryDNS: "1.9",
  disableMDevConfiguration: "1.10",
  persistentReservation: "1.10",
  alignCPUs: "1.11",
  downwardMetrics: "1.11",
  declarativeHotplugVolumes: "1.16",
  decentralizedLiveMigration: "1.16",
  enableMultiArchBootImageImport: "1.16",
  objectGraph: "1.17",
  videoConfig: "1.17",
  containerPathVolumes: "1.18",
  incrementalBackup: "1.18",
};

/** Whose types the field is made of, where they are not HCO's own. */
export const TYPED_BY: Readonly<Record<string, string>> = {
  infra: "controller-lifecycle-operator-sdk NodePlacement",
  workloads: "controller-lifecycle-operator-sdk NodePlacement",
  filesystemOverhead: "CDI cdi.kubevirt.io/v1beta1",
  dataImportCronTemplates: "CDI cdi.kubevirt.io/v1beta1",
  tlsSecurityProfile: "OpenShift config.openshift.io/v1",
  applicationAwareConfig: "AAQ aaq.kubevirt.io/v1alpha1",
  evictionStrategy: "KubeVirt kubevirt.io/v1",
  ksmConfiguration: "KubeVirt kubevirt.io/v1",
  changedBlockTrackingLabelSelectors: "KubeVirt kubevirt.io/v1",
  networkBinding: "KubeVirt kubevirt.io/v1",
  instancetypeConfig: "KubeVirt kubevirt.io/v1",
  CommonInstancetypesDeployment: "KubeVirt kubevirt.io/v1",
  liveUpdateConfiguration: "KubeVirt kubevirt.io/v1",
  hypervisors: "KubeVirt kubevirt.io/v1",
  roleAggregationStrategy: "KubeVirt kubevirt.io/v1",
  logVerbosityConfig: "KubeVirt kubevirt.io/v1",
};

/** Gates that HCO takes and ignores. */
export const IGNORED_GATES: readonly string[] = [
  "withHostPassthroughCPU",
  "enableCommonBootImageImport",
  "deployTektonTaskResources",
  "deployVmConsoleProxy",
  "deployKubevirtIpamController",
  "nonRoot",
  "enableManagedTenantQuota",
  "autoResourceLimits",
  "enableApplicationAwareQuota",
  "primaryUserDefinedNetworkBinding",
];

/** Fields that HCO takes and ignores. */
export const IGNORED_FIELDS: readonly string[] = ["tektonPipelinesNamespace", "tektonTasksNamespace"];

/** Fields that have a key of their own beside hyperConverged, since plain KubeVirt has them too, and the version that they came with. */
export const ELSEWHERE: Readonly<Record<string, readonly [key: string, since: string]>> = {
  liveMigrationConfig: ["virtualization.liveMigration", "1.4"],
  enableCommonBootImageImport: ["virtualization.bootSources.enabled", "1.15"],
  uninstallStrategy: ["virtualization.uninstallStrategy", "1.6"],
};

/** Groups of hco.kubevirt.io/v1, which orders the fields of v1beta1 differently. */
export const V1_GROUPS: readonly string[] = ["virtualization", "storage", "networking", "workloadSources", "security", "deployment", "observability"];

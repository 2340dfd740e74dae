/**
 * What the spec of HyperConverged hco.kubevirt.io/v1beta1 knows beyond its first fields, which all HCO from 1.15 on have. Source:
 * kubevirt/hyperconverged-cluster-operator, api/v1beta1/hyperconverged_types.go at v1.15.2, v1.16.0, v1.17.3 and v1.18.1, by description.
 */

/** Minor version of HCO that a field came with. */
export const FIELD_SINCE = {
  liveUpdateConfiguration: "1.16",
  kubeMacPoolConfiguration: "1.17",
  changedBlockTrackingLabelSelectors: "1.18",
  hypervisors: "1.18",
  roleAggregationStrategy: "1.18",
} as const;

/** Minor version of HCO that a feature gate came with; undefined where all have it. */
export const GATES: Readonly<Record<string, string | undefined>> = {
  downwardMetrics: undefined,
  deployKubeSecondaryDNS: undefined,
  disableMDevConfiguration: undefined,
  persistentReservation: undefined,
  alignCPUs: undefined,
  decentralizedLiveMigration: "1.16",
  declarativeHotplugVolumes: "1.16",
  enableMultiArchBootImageImport: "1.16",
  videoConfig: "1.17",
  objectGraph: "1.17",
  incrementalBackup: "1.18",
  containerPathVolumes: "1.18",
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

/** Fields that have a key of their own beside hyperConverged, since plain KubeVirt has them too. */
export const ELSEWHERE: Readonly<Record<string, string>> = {
  liveMigrationConfig: "virtualization.liveMigration",
  enableCommonBootImageImport: "virtualization.bootSources.enabled",
  uninstallStrategy: "virtualization.uninstallStrategy",
};

/** Groups of hco.kubevirt.io/v1, which orders the fields of v1beta1 differently. */
export const V1_GROUPS: readonly string[] = ["virtualization", "storage", "networking", "workloadSources", "security", "deployment", "observability"];

import { CORE_KINDS, objectKind as kind, type ObjectKind } from "../../kube/index.ts";

/** Every kind that virtualization is judged by. */
export const KINDS = {
  ...CORE_KINDS,
  subscriptions: kind("operators.coreos.com/v1alpha1", "Subscription"),
  installPlans: kind("operators.coreos.com/v1alpha1", "InstallPlan"),
  clusterServiceVersions: kind("operators.coreos.com/v1alpha1", "ClusterServiceVersion"),
  catalogSources: kind("operators.coreos.com/v1alpha1", "CatalogSource"),
  operatorGroups: kind("operators.coreos.com/v1", "OperatorGroup"),
  hyperConvergeds: kind("hco.kubevirt.io/v1beta1", "HyperConverged"),
  kubeVirts: kind("kubevirt.io/v1", "KubeVirt"),
  virtualMachines: kind("kubevirt.io/v1", "VirtualMachine"),
  virtualMachineInstances: kind("kubevirt.io/v1", "VirtualMachineInstance"),
  migrations: kind("kubevirt.io/v1", "VirtualMachineInstanceMigration"),
  cdis: kind("cdi.kubevirt.io/v1beta1", "CDI"),
  dataVolumes: kind("cdi.kubevirt.io/v1beta1", "DataVolume"),
  dataImportCrons: kind("cdi.kubevirt.io/v1beta1", "DataImportCron"),
  storageProfiles: kind("cdi.kubevirt.io/v1beta1", "StorageProfile"),
  networkAddonsConfigs: kind("networkaddonsoperator.network.kubevirt.io/v1", "NetworkAddonsConfig"),
  ssps: kind("ssp.kubevirt.io/v1beta3", "SSP"),
  hostPathProvisioners: kind("hostpathprovisioner.kubevirt.io/v1beta1", "HostPathProvisioner"),
  migControllers: kind("migrations.kubevirt.io/v1alpha1", "MigController"),
} as const satisfies Record<string, ObjectKind>;

export type KindName = keyof typeof KINDS;

/** API groups of everything that the operators bring. */
export const OPERATOR_GROUPS: readonly string[] = [
  "kubevirt.io",
  "hco.kubevirt.io",
  "cdi.kubevirt.io",
  "ssp.kubevirt.io",
  "networkaddonsoperator.network.kubevirt.io",
  "hostpathprovisioner.kubevirt.io",
];

/** Whose resources a person asks for, and an operator makes the rest of. */
export const OPERANDS = [
  "kubeVirts",
  "cdis",
  "networkAddonsConfigs",
  "ssps",
  "hostPathProvisioners",
  "migControllers",
] as const satisfies readonly KindName[];

/** Those, and what stands for them where HCO is. */
export const OPERATOR_RESOURCES = ["hyperConvergeds", ...OPERANDS] as const satisfies readonly KindName[];

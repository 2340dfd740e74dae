import type { ObjectKind } from "../../kube/index.ts";

const kind = (apiVersion: string, name: string, plural = `${name.toLowerCase()}s`): ObjectKind => ({ apiVersion, kind: name, plural });

/** Every kind that virtualization is judged by. */
export const KINDS = {
  namespaces: kind("v1", "Namespace"),
  nodes: kind("v1", "Node"),
  pods: kind("v1", "Pod"),
  events: kind("v1", "Event"),
  persistentVolumeClaims: kind("v1", "PersistentVolumeClaim"),
  deployments: kind("apps/v1", "Deployment"),
  daemonSets: kind("apps/v1", "DaemonSet"),
  endpointSlices: kind("discovery.k8s.io/v1", "EndpointSlice"),
  storageClasses: kind("storage.k8s.io/v1", "StorageClass", "storageclasses"),
  definitions: kind("apiextensions.k8s.io/v1", "CustomResourceDefinition"),
  apiServices: kind("apiregistration.k8s.io/v1", "APIService"),
  validatingWebhooks: kind("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration"),
  mutatingWebhooks: kind("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration"),
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

import type { HostPathPool, OlmOperators, VirtualizationSpec, VirtualizationStorage } from "../../config/index.ts";
import type { Manifest } from "../../pulumi/kubernetes/index.ts";
import { HYPERCONVERGED, MANIFEST_NAMESPACES, OPERATOR_GROUP, SUBSCRIPTION, type ManifestPart } from "./names.ts";

/** Objects of an installation by OLM, as they are applied. Pure. */

export function operatorNamespace({ namespace, targetNamespaces }: OlmOperators): Manifest {
  // The label lets OpenShift's own monitoring scrape the operators; only there is a target namespace set.
  const labels = targetNamespaces === undefined ? {} : { labels: { "openshift.io/cluster-monitoring": "true" } };
  return { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace, ...labels } };
}

export function operatorGroup({ namespace, targetNamespaces }: OlmOperators): Manifest {
  const spec = targetNamespaces === undefined ? {} : { targetNamespaces: [...targetNamespaces] };
  return { apiVersion: "operators.coreos.com/v1", kind: "OperatorGroup", metadata: { name: OPERATOR_GROUP, namespace }, spec };
}

/** The user's own catalog; undefined where an existing one is used. */
export function catalogSource({ catalogSource: { name, namespace, image, address } }: OlmOperators): Manifest | undefined {
  if (image === undefined && address === undefined) return undefined;
  return {
    apiVersion: "operators.coreos.com/v1alpha1",
    kind: "CatalogSource",
    metadata: { name, namespace },
    spec: {
      sourceType: "grpc",
      displayName: name,
      publisher: "virt-ipi",
      ...(image === undefined ? { address } : { image, updateStrategy: { registryPoll: { interval: "30m" } } }),
    },
  };
}

export function subscription(operators: OlmOperators): Manifest {
  const { namespace, packageName, channel, startingCSV, approval, catalogSource: catalog } = operators;
  return {
    apiVersion: "operators.coreos.com/v1alpha1",
    kind: "Subscription",
    metadata: { name: SUBSCRIPTION, namespace },
    spec: {
      name: packageName,
      source: catalog.name,
      sourceNamespace: catalog.namespace,
      channel,
      installPlanApproval: approval,
      ...(startingCSV === undefined ? {} : { startingCSV }),
    },
  };
}

export function hyperConverged(operators: OlmOperators, { liveMigration, uninstallStrategy }: VirtualizationSpec): Manifest {
  return {
    apiVersion: "hco.kubevirt.io/v1beta1",
    kind: "HyperConverged",
    metadata: { name: HYPERCONVERGED, namespace: operators.namespace },
    spec: {
      ...operators.hyperConverged,
      enableCommonBootImageImport: operators.bootSources,
      uninstallStrategy,
      ...(Object.keys(liveMigration).length === 0 ? {} : { liveMigrationConfig: liveMigration }),
    },
  };
}

/** Resources that HyperConverged makes with OLM, and that are made here without it. */
export function component(part: ManifestPart, own: Readonly<Record<string, unknown>>, spec: VirtualizationSpec): Manifest {
  const { liveMigration, uninstallStrategy, storage } = spec;
  switch (part) {
    case "kubevirt": {
      const configuration = (own["configuration"] ?? {}) as Readonly<Record<string, unknown>>;
      const migrations = Object.keys(liveMigration).length === 0 ? {} : { migrations: liveMigration };
      return {
        apiVersion: "kubevirt.io/v1",
        kind: "KubeVirt",
        metadata: { name: "kubevirt", namespace: MANIFEST_NAMESPACES.kubevirt },
        spec: { uninstallStrategy, ...own, configuration: { ...migrations, ...configuration } },
      };
    }
    case "cdi":
      return { apiVersion: "cdi.kubevirt.io/v1beta1", kind: "CDI", metadata: { name: "cdi" }, spec: { uninstallStrategy, ...own } };
    case "networkAddons":
      return {
        apiVersion: "networkaddonsoperator.network.kubevirt.io/v1",
        kind: "NetworkAddonsConfig",
        metadata: { name: "cluster" },
        spec: Object.keys(own).length === 0 ? { multus: {}, linuxBridge: {}, kubeMacPool: {} } : own,
      };
    case "hostPathProvisioner":
      return hostPathProvisioner(storage, own);
  }
}

/** Source: hostpath-provisioner-operator pkg/apis/hostpathprovisioner/v1beta1/types.go */
export function hostPathProvisioner({ pools, nodeSelector }: VirtualizationStorage, own: Readonly<Record<string, unknown>> = {}): Manifest {
  return {
    apiVersion: "hostpathprovisioner.kubevirt.io/v1beta1",
    kind: "HostPathProvisioner",
    metadata: { name: "hostpath-provisioner" },
    spec: {
      imagePullPolicy: "IfNotPresent",
      ...own,
      storagePools: pools.map(({ name, path, pvcTemplate }) => ({ name, path, ...(pvcTemplate === undefined ? {} : { pvcTemplate }) })),
      workload: { nodeSelector: nodeSelector ?? { "kubernetes.io/os": "linux" } },
    },
  };
}

/**
 * The operator makes no StorageClass itself. The volume is made where the first machine that uses it runs.
 * @param marks the default for virtual machines, and on a cluster without any other also for everything else
 */
export function storageClass(
  { name, storageClass: className }: HostPathPool,
  marks: { readonly virt: boolean; readonly cluster: boolean },
): Manifest {
  return {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: {
      name: className,
      annotations: {
        ...(marks.virt ? { "storageclass.kubevirt.io/is-default-virt-class": "true" } : {}),
        ...(marks.cluster ? { "storageclass.kubernetes.io/is-default-class": "true" } : {}),
      },
    },
    provisioner: "kubevirt.io.hostpath-provisioner",
    parameters: { storagePool: name },
    reclaimPolicy: "Delete",
    volumeBindingMode: "WaitForFirstConsumer",
  };
}

/** A kind, and where the API has it. */
export interface ObjectKind {
  /** `v1`, `apps/v1`, `kubevirt.io/v1` */
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
}

export interface ObjectName {
  /** Absent for what lies in no namespace. */
  readonly namespace?: string | undefined;
  readonly name: string;
}

/** @param plural default: the kind in small letters, with an s */
export const objectKind = (apiVersion: string, kind: string, plural = `${kind.toLowerCase()}s`): ObjectKind => ({ apiVersion, kind, plural });

/** Kinds that every Kubernetes has. */
export const CORE_KINDS = {
  namespaces: objectKind("v1", "Namespace"),
  nodes: objectKind("v1", "Node"),
  pods: objectKind("v1", "Pod"),
  events: objectKind("v1", "Event"),
  services: objectKind("v1", "Service"),
  serviceAccounts: objectKind("v1", "ServiceAccount"),
  configMaps: objectKind("v1", "ConfigMap"),
  secrets: objectKind("v1", "Secret"),
  persistentVolumeClaims: objectKind("v1", "PersistentVolumeClaim"),
  deployments: objectKind("apps/v1", "Deployment"),
  daemonSets: objectKind("apps/v1", "DaemonSet"),
  jobs: objectKind("batch/v1", "Job"),
  leases: objectKind("coordination.k8s.io/v1", "Lease"),
  endpointSlices: objectKind("discovery.k8s.io/v1", "EndpointSlice"),
  storageClasses: objectKind("storage.k8s.io/v1", "StorageClass", "storageclasses"),
  certificateSigningRequests: objectKind("certificates.k8s.io/v1", "CertificateSigningRequest"),
  definitions: objectKind("apiextensions.k8s.io/v1", "CustomResourceDefinition"),
  apiServices: objectKind("apiregistration.k8s.io/v1", "APIService"),
  validatingWebhooks: objectKind("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration"),
  mutatingWebhooks: objectKind("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration"),
} as const satisfies Record<string, ObjectKind>;

/** Path of an object, or of the list when the name is empty. */
export function pathOf({ apiVersion, plural }: ObjectKind, { namespace, name }: ObjectName): string {
  const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const place = namespace === undefined ? "" : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${root}${place}/${plural}${name === "" ? "" : `/${encodeURIComponent(name)}`}`;
}

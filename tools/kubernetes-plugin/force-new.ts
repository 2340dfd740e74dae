import { isKind, type Manifest } from "./manifest.ts";
import type { Settings } from "./settings.ts";

/**
 * Fields that the API lets nobody change, by kind: a change makes the object anew. `[*]` is any element, and what is below a
 * field counts with it. Facts: the API's validation (k8s.io/kubernetes/pkg/apis/<group>/validation), as the official provider
 * treats it. What else turns out to be immutable is an error, since making anew may lose data.
 */
const BY_KIND: Readonly<Record<string, readonly string[]>> = {
  "apps/v1 DaemonSet": ["spec.selector"],
  "apps/v1 Deployment": ["spec.selector"],
  "apps/v1 StatefulSet": ["spec.podManagementPolicy", "spec.revisionHistoryLimit", "spec.selector", "spec.serviceName", "spec.volumeClaimTemplates"],
  "batch/v1 Job": ["spec.completions", "spec.parallelism", "spec.selector", "spec.template"],
  "rbac.authorization.k8s.io/v1 ClusterRoleBinding": ["roleRef"],
  "rbac.authorization.k8s.io/v1 RoleBinding": ["roleRef"],
  "storage.k8s.io/v1 StorageClass": ["parameters", "provisioner"],
  "v1 PersistentVolumeClaim": ["spec.accessModes", "spec.selector", "spec.storageClassName", "spec.volumeName"],
  "v1 ResourceQuota": ["spec.scopes"],
  "v1 Secret": ["type"],
  "v1 Service": ["spec.clusterIP"],
};

/** Of a pod these may be changed; of its containers nothing. */
const POD_CHANGEABLE = ["spec.activeDeadlineSeconds", "spec.tolerations", "spec.ephemeralContainers", "spec.schedulingGates"];
/** Of a persistent volume these; the rest of its spec says where the data is. */
const VOLUME_CHANGEABLE = [
  "spec.capacity",
  "spec.accessModes",
  "spec.claimRef",
  "spec.persistentVolumeReclaimPolicy",
  "spec.mountOptions",
  "spec.nodeAffinity",
  "spec.storageClassName",
  "spec.volumeAttributesClassName",
  "spec.volumeMode",
];

/** True if a change at this path (`spec.selector.matchLabels.app`) takes a new object. */
export function needsNew(manifest: Manifest, patch: boolean, path: string, settings: Settings): boolean {
  if (within(path, ["metadata.name", "metadata.namespace"])) return true;
  // Of an object that another owns nothing is made anew.
  if (patch) return false;
  if (isKind(manifest, "v1", "Pod")) return within(path, ["spec"]) && !within(path, POD_CHANGEABLE);
  if (isKind(manifest, "v1", "PersistentVolume")) return within(path, ["spec"]) && !within(path, VOLUME_CHANGEABLE);
  const fixed = manifest["immutable"] === true;
  if (isKind(manifest, "v1", "Secret") && (fixed || !settings.enableSecretMutable) && within(path, ["data", "stringData"])) return true;
  if (isKind(manifest, "v1", "ConfigMap") && (fixed || !settings.enableConfigMapMutable) && within(path, ["data", "binaryData"])) return true;
  return within(path, BY_KIND[`${manifest.apiVersion} ${manifest.kind}`] ?? []);
}

/** True if the path is one of those, below one of them, or above: a whole part that is taken away takes them with it. */
function within(path: string, fields: readonly string[]): boolean {
  return fields.some((field) => path === field || path.startsWith(`${field}.`) || path.startsWith(`${field}[`) || field.startsWith(`${path}.`));
}

/** Names that the operators' own documentation uses, so that what it says fits. */
export const SUBSCRIPTION = "hco-operatorhub";
export const OPERATOR_GROUP = "kubevirt-hyperconverged-group";
export const HYPERCONVERGED = "kubevirt-hyperconverged";

/** Namespaces of the upstream release manifests. */
export const MANIFEST_NAMESPACES = {
  kubevirt: "kubevirt",
  cdi: "cdi",
  networkAddons: "cluster-network-addons",
  hostPathProvisioner: "hostpath-provisioner",
} as const;

export type ManifestPart = keyof typeof MANIFEST_NAMESPACES;

export { clusterConfig } from "./cluster-config.ts";
export { CLUSTER_DNS_DOMAIN, coreDns, COREDNS_IMAGE } from "./coredns.ts";
export type { KubernetesObject, Manifest } from "./manifest.ts";
export { mergeUserManifests, type MergedManifests } from "./merge.ts";
export { nodeAdmission } from "./node-admission.ts";
export { parseManifest } from "./parse.ts";
export { nodeRbac } from "./rbac.ts";
export { manifestText } from "./text.ts";

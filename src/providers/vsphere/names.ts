export { templateName, vmGroupName } from "../../config/platforms/vsphere/index.ts";

/** Every name that we give in a vCenter. All follow from the infraID; category and tag are those of openshift-install, which finds them by name. */
export const tagCategoryName = (infraID: string): string => `openshift-${infraID}`;
export const tagName = (infraID: string): string => infraID;
/** openshift-install writes the same. */
export const TAG_DESCRIPTION = "Added by openshift-install do not remove";

/** What stands in the notes of a machine. */
export const machineNotes = (infraID: string): string => `virt-ipi machine of ${infraID}`;

/** Rule that keeps control-plane machines of one compute cluster on different hosts. */
export const antiAffinityName = (infraID: string, cluster: string): string => `${infraID}-${lastOf(cluster)}-anti-affinity`;

/** The storage policy that OpenShift's CSI operator makes for a cluster. */
export const storagePolicyName = (infraID: string): string => `openshift-storage-policy-${infraID}`;

/** The last part of an inventory path. */
export const lastOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** A name or path as it was written, and as vSphere has it: in the name of an object it writes `\` as `%5c`, and `%` as `%25`. */
export const spellings = (path: string): readonly string[] => [...new Set([path, path.replaceAll(/%(?!2f|5c|25)/g, "%25").replaceAll("\\", "%5c")])];

/** Platforms of OpenShift that are not ours: named in the error, not taken for a typing mistake. */
export const FOREIGN_PLATFORMS: ReadonlySet<string> = new Set([
  "aws",
  "azure",
  "gcp",
  "ibmcloud",
  "libvirt",
  "nutanix",
  "openstack",
  "ovirt",
  "powervc",
  "powervs",
]);

/** Those of them that OpenShift's installer does not look for under a pool's `platform`. */
export const UNREAD_IN_POOLS: ReadonlySet<string> = new Set(["nutanix", "powervc"]);

/** The Secret with the accounts, in the namespace of the Machines. All names are OpenShift's, which its controller goes by. */
export const CREDENTIALS_SECRET = "vsphere-cloud-credentials";

/** Where the controller finds the ConfigMap that the Infrastructure object names. */
export const CONFIG_NAMESPACE = "openshift-config";
export const CLOUD_CONFIG = { name: "cloud-provider-config", key: "config" } as const;

export const INFRASTRUCTURE = "cluster";

/** Where the Machine API has its objects; OpenShift's own name, which its controllers and tools go by. */
export const NAMESPACE = "openshift-machine-api";

/** The Lease that the acting controller renews; plugins/machine-api has the same name. */
export const CONTROLLER_LEASE = "virt-ipi-machine-api";

/** The Secret that a pool's machines are started with; its key is `userData`. */
export const userDataSecretName = (pool: string): string => `${pool}-user-data`;

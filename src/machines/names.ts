/** Where the Machine API has its objects; OpenShift's own name, which its controllers and tools go by. */
export const NAMESPACE = "openshift-machine-api";

/** The Lease that the acting controller renews; plugins/machine-api has the same name. */
export const CONTROLLER_LEASE = "virt-ipi-machine-api";

/** On a Machine: how long its node is drained before it is removed all the same, as in `30m`. Ours, not the Machine API's. */
export const DRAIN_TIMEOUT_ANNOTATION = "virt-ipi.io/drain-timeout";

/** On a Machine: what its virtual machine was last seen to do, where the Machine did not say so. Changing it has the controllers look. */
export const STATE_ANNOTATION = "virt-ipi.io/seen-state";

/** The Secret that a pool's machines are started with; its key is `userData`. */
export const userDataSecretName = (pool: string): string => `${pool}-user-data`;

/** The Deployment in which OpenShift runs controllers of the Machine API on the platforms that it has them for. */
export const FOREIGN_CONTROLLERS = "machine-api-controllers";

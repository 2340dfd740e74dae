/** Where the Machine API has its objects; OpenShift's own name, which its controllers and tools go by. */
export const NAMESPACE = "openshift-machine-api";

/** The Lease that the acting controller renews; plugins/machine-api has the same name. */
export const CONTROLLER_LEASE = "virt-ipi-machine-api";

/** Labels of the Machine API. Source: github.com/openshift/machine-api-operator, docs/user. */
export const LABELS = {
  cluster: "machine.openshift.io/cluster-api-cluster",
  machineSet: "machine.openshift.io/cluster-api-machineset",
  role: "machine.openshift.io/cluster-api-machine-role",
  type: "machine.openshift.io/cluster-api-machine-type",
} as const;

/** The Secret that a pool's machines are started with; its key is `userData`. */
export const userDataSecretName = (pool: string): string => `${pool}-user-data`;

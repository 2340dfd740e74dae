import type { KubeconfigRow } from "../kubeconfig.ts";

/** Where a machine keeps its kubeconfigs, all of them 0600. */
const MACHINE_DIR = "/etc/kubernetes";

const row = (path: string, server: KubeconfigRow["server"], client: string, user: string): KubeconfigRow => ({
  path,
  server,
  ca: "kube-ca",
  client,
  user,
});

/** What a machine of the control plane (the bootstrap machine too) talks to its own API with. */
export const LOOPBACK_KUBECONFIG = row(`${MACHINE_DIR}/admin-loopback.kubeconfig`, "localhost", "admin-kubeconfig-client", "loopback");

export const CONTROLLER_KUBECONFIGS: readonly KubeconfigRow[] = [
  row(`${MACHINE_DIR}/kube-controller-manager.kubeconfig`, "localhost", "kube-controller-manager-client", "kube-controller-manager"),
  row(`${MACHINE_DIR}/kube-scheduler.kubeconfig`, "localhost", "kube-scheduler-client", "kube-scheduler"),
];

/** What every node has. */
export const NODE_KUBECONFIGS: readonly KubeconfigRow[] = [
  row(`${MACHINE_DIR}/kubelet-bootstrap.kubeconfig`, "api-int", "kubelet-bootstrap-client", "kubelet-bootstrap"),
  row(`${MACHINE_DIR}/kube-proxy.kubeconfig`, "api-int", "kube-proxy-client", "kube-proxy"),
];

import type { DistributionRenderer } from "../distribution-renderer.ts";
import { ADMIN_KUBECONFIG, MACHINE_CONTROLLER_KUBECONFIG, type KubeconfigRow } from "../kubeconfig.ts";
import { coreDns, nodeAdmission, nodeRbac } from "../manifests/index.ts";
import { KUBERNETES_TLS } from "../tls/index.ts";
import { CONTROLLER_KUBECONFIGS, LOOPBACK_KUBECONFIG, NODE_KUBECONFIGS } from "./kubeconfigs.ts";
import { bootstrapConfig, machineConfigs } from "./machine-configs.ts";

/** The user's kubeconfig. */
const ADMIN: KubeconfigRow = { path: ADMIN_KUBECONFIG, server: "api", ca: "kube-ca", client: "admin-kubeconfig-client", user: "admin" };

/** With exactly the permissions of `src/machines/program/rbac.ts`. */
const MACHINE_CONTROLLER: KubeconfigRow = {
  path: MACHINE_CONTROLLER_KUBECONFIG,
  server: "api",
  ca: "kube-ca",
  client: "machine-controller-client",
  user: "machine-controller",
};

/** `distribution: kubernetes`: upstream Kubernetes on our node image, brought up in OpenShift's manner. */
export const kubernetesRenderer: DistributionRenderer = {
  distribution: "kubernetes",
  tlsTable: KUBERNETES_TLS,
  kubeconfigs: [ADMIN, MACHINE_CONTROLLER, LOOPBACK_KUBECONFIG, ...CONTROLLER_KUBECONFIGS, ...NODE_KUBECONFIGS],
  kubeadminPassword: false,
  tokenKey: "machine-token",
  manifests: (context) => [nodeRbac(), nodeAdmission(context.spec, context.machines), coreDns(context.spec)],
  machineConfigs,
  bootstrapIgnition: bootstrapConfig,
};

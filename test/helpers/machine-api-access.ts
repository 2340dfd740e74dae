import { CLUSTER_RULES, NAMESPACE_RULES } from "../../src/machines/program/rbac.ts";
import type { KubeControlPlane } from "./kube-control-plane.ts";

const RBAC = "/apis/rbac.authorization.k8s.io/v1";
const API_GROUP = "rbac.authorization.k8s.io";

/** A user of its own for the controllers of a namespace. @returns its kubeconfig */
export async function controllersAccess(kube: KubeControlPlane, namespace: string): Promise<string> {
  const name = `machine-api-${namespace}`;
  const subjects = [{ kind: "User", apiGroup: API_GROUP, name }];
  await kube.create(`${RBAC}/namespaces/${namespace}/roles`, { metadata: { name }, rules: NAMESPACE_RULES });
  await kube.create(`${RBAC}/clusterroles`, { metadata: { name }, rules: CLUSTER_RULES });
  await kube.create(`${RBAC}/namespaces/${namespace}/rolebindings`, {
    metadata: { name },
    subjects,
    roleRef: { apiGroup: API_GROUP, kind: "Role", name },
  });
  await kube.create(`${RBAC}/clusterrolebindings`, { metadata: { name }, subjects, roleRef: { apiGroup: API_GROUP, kind: "ClusterRole", name } });
  return await kube.kubeconfigOf({ commonName: name });
}

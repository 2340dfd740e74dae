import { CLUSTER_RULES, NAMESPACE_RULES } from "../../src/machines/program/rbac.ts";
import type { KubeControlPlane } from "./kube-control-plane.ts";
import { untilAllowed, type Rule } from "./permissions.ts";

const RBAC = "/apis/rbac.authorization.k8s.io/v1";
const API_GROUP = "rbac.authorization.k8s.io";

export interface AccessRules {
  readonly cluster: readonly Rule[];
  readonly namespace: readonly Rule[];
}

/** A user of its own for the controllers of a namespace. @returns its kubeconfig */
export const controllersAccess = (kube: KubeControlPlane, namespace: string): Promise<string> =>
  userWithRules(kube, namespace, `machine-api-${namespace}`, { cluster: CLUSTER_RULES, namespace: NAMESPACE_RULES });

/** A user who may do this, and nothing else, as the API server knows by then. @returns the user's kubeconfig */
export async function userWithRules(kube: KubeControlPlane, namespace: string, name: string, rules: AccessRules): Promise<string> {
  const subjects = [{ kind: "User", apiGroup: API_GROUP, name }];
  await kube.create(`${RBAC}/namespaces/${namespace}/roles`, { metadata: { name }, rules: rules.namespace });
  await kube.create(`${RBAC}/clusterroles`, { metadata: { name }, rules: rules.cluster });
  await kube.create(`${RBAC}/namespaces/${namespace}/rolebindings`, {
    metadata: { name },
    subjects,
    roleRef: { apiGroup: API_GROUP, kind: "Role", name },
  });
  await kube.create(`${RBAC}/clusterrolebindings`, { metadata: { name }, subjects, roleRef: { apiGroup: API_GROUP, kind: "ClusterRole", name } });
  await untilAllowed(kube, { user: name, namespace }, rules.namespace);
  await untilAllowed(kube, { user: name }, rules.cluster);
  return await kube.kubeconfigOf({ commonName: name });
}

import type { KubeControlPlane } from "./kube-control-plane.ts";

/** What the controllers may do: no more than they need, as the tests that run with it show. */

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

const READ = ["get", "list", "watch"] as const;
const GROUP = ["machine.openshift.io"] as const;

/** In the namespace of the Machines. */
export const NAMESPACE_RULES: readonly Rule[] = [
  { apiGroups: GROUP, resources: ["machines"], verbs: [...READ, "create", "update", "patch", "delete"] },
  { apiGroups: GROUP, resources: ["machinesets", "machinehealthchecks"], verbs: READ },
  { apiGroups: GROUP, resources: ["machines/status", "machinesets/status", "machinehealthchecks/status"], verbs: ["patch"] },
  { apiGroups: [""], resources: ["secrets"], verbs: ["get"] },
  { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
  { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["get", "create", "update"] },
];

/** In all of the cluster: Nodes, and to drain them. */
export const CLUSTER_RULES: readonly Rule[] = [
  { apiGroups: [""], resources: ["nodes"], verbs: [...READ, "update", "patch", "delete"] },
  { apiGroups: [""], resources: ["pods"], verbs: ["get", "list"] },
  { apiGroups: [""], resources: ["pods/eviction"], verbs: ["create"] },
  { apiGroups: ["apps"], resources: ["daemonsets"], verbs: ["get"] },
];

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

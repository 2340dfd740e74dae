import type { Manifest } from "../../pulumi/kubernetes/index.ts";
import { MACHINE_CONTROLLER_USER } from "../../config/index.ts";
import { NAMESPACE } from "../names.ts";

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

const READ = ["get", "list", "watch"] as const;
const RBAC = "rbac.authorization.k8s.io";
const NAME = "virt-ipi-machine-controller";

/** What belongs to no namespace, or to all: nodes, the pods that a drain moves, and certificates of kubelets. */
export const CLUSTER_RULES: readonly Rule[] = [
  { apiGroups: [""], resources: ["nodes"], verbs: [...READ, "patch", "update", "delete"] },
  { apiGroups: [""], resources: ["pods"], verbs: [...READ, "delete"] },
  { apiGroups: [""], resources: ["pods/eviction"], verbs: ["create"] },
  { apiGroups: ["apps"], resources: ["daemonsets"], verbs: ["get"] },
  { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
  { apiGroups: ["certificates.k8s.io"], resources: ["certificatesigningrequests"], verbs: READ },
  { apiGroups: ["certificates.k8s.io"], resources: ["certificatesigningrequests/approval"], verbs: ["update"] },
  {
    apiGroups: ["certificates.k8s.io"],
    resources: ["signers"],
    resourceNames: ["kubernetes.io/kube-apiserver-client-kubelet", "kubernetes.io/kubelet-serving"],
    verbs: ["approve"],
  },
];

/** What is in the Machine API's own namespace. */
export const NAMESPACE_RULES: readonly Rule[] = [
  { apiGroups: ["machine.openshift.io"], resources: ["machines"], verbs: [...READ, "create", "update", "patch", "delete"] },
  { apiGroups: ["machine.openshift.io"], resources: ["machinesets", "machinehealthchecks"], verbs: [...READ, "update", "patch"] },
  {
    apiGroups: ["machine.openshift.io"],
    resources: ["machines/status", "machinesets/status", "machinehealthchecks/status"],
    verbs: ["get", "update", "patch"],
  },
  { apiGroups: [""], resources: ["secrets"], verbs: ["get"] },
  { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["get", "create", "update", "patch"] },
];

/** Exactly what the machine controller may do; bound to the user of its certificate. */
export function controllerRbac(): readonly Manifest[] {
  const subjects = [{ kind: "User", apiGroup: RBAC, name: MACHINE_CONTROLLER_USER }];
  const meta = { name: NAME };
  const own = { name: NAME, namespace: NAMESPACE };
  return [
    { apiVersion: `${RBAC}/v1`, kind: "ClusterRole", metadata: meta, rules: CLUSTER_RULES },
    { apiVersion: `${RBAC}/v1`, kind: "ClusterRoleBinding", metadata: meta, subjects, roleRef: { apiGroup: RBAC, kind: "ClusterRole", name: NAME } },
    { apiVersion: `${RBAC}/v1`, kind: "Role", metadata: own, rules: NAMESPACE_RULES },
    { apiVersion: `${RBAC}/v1`, kind: "RoleBinding", metadata: own, subjects, roleRef: { apiGroup: RBAC, kind: "Role", name: NAME } },
  ];
}

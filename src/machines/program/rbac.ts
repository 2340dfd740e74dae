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
const GROUP = ["machine.openshift.io"] as const;
const RBAC = "rbac.authorization.k8s.io";
const NAME = "virt-ipi-machine-controller";

/** What the controllers do with nodes, and with the pods that a drain moves. */
export const CLUSTER_RULES: readonly Rule[] = [
  { apiGroups: [""], resources: ["nodes"], verbs: [...READ, "update", "patch", "delete"] },
  { apiGroups: [""], resources: ["pods"], verbs: ["get", "list"] },
  { apiGroups: [""], resources: ["pods/eviction"], verbs: ["create"] },
  { apiGroups: ["apps"], resources: ["daemonsets"], verbs: ["get"] },
];

/** What the controllers do in the Machine API's own namespace. */
export const NAMESPACE_RULES: readonly Rule[] = [
  { apiGroups: GROUP, resources: ["machines"], verbs: [...READ, "create", "update", "patch", "delete"] },
  { apiGroups: GROUP, resources: ["machinesets", "machinehealthchecks"], verbs: READ },
  { apiGroups: GROUP, resources: ["machines/status", "machinesets/status", "machinehealthchecks/status"], verbs: ["patch"] },
  { apiGroups: [""], resources: ["secrets"], verbs: ["get"] },
  { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
  { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["get", "create", "update"] },
];

const OWNED = ["list", "watch", "create", "update"] as const;

/** What the controllers of the autoscaler's operator do besides, where the cluster has an autoscaler. */
export const AUTOSCALER_RULES: Readonly<Record<"cluster" | "namespace", readonly Rule[]>> = {
  cluster: [
    { apiGroups: ["autoscaling.openshift.io"], resources: ["clusterautoscalers"], verbs: ["list", "watch"] },
    // The object that says on which platform the cluster is.
    { apiGroups: ["config.openshift.io"], resources: ["infrastructures"], verbs: [...READ, "create"] },
    { apiGroups: ["config.openshift.io"], resources: ["infrastructures/status"], verbs: ["patch"] },
  ],
  namespace: [
    { apiGroups: ["autoscaling.openshift.io"], resources: ["machineautoscalers"], verbs: ["list", "watch", "update"] },
    { apiGroups: ["autoscaling.openshift.io"], resources: ["machineautoscalers/status"], verbs: ["update"] },
    { apiGroups: GROUP, resources: ["machinesets"], verbs: ["update"] },
    { apiGroups: ["apps"], resources: ["deployments"], verbs: [...OWNED, "delete"] },
    { apiGroups: ["networking.k8s.io"], resources: ["networkpolicies"], verbs: OWNED },
    { apiGroups: [""], resources: ["services"], verbs: OWNED },
    { apiGroups: ["monitoring.coreos.com"], resources: ["servicemonitors", "prometheusrules"], verbs: OWNED },
  ],
};

/** Approval of the certificates of the machines' kubelets, which is done beside the controllers. */
const APPROVAL_RULES: readonly Rule[] = [
  { apiGroups: ["certificates.k8s.io"], resources: ["certificatesigningrequests"], verbs: ["get", "list"] },
  { apiGroups: ["certificates.k8s.io"], resources: ["certificatesigningrequests/approval"], verbs: ["patch"] },
  {
    apiGroups: ["certificates.k8s.io"],
    resources: ["signers"],
    resourceNames: ["kubernetes.io/kube-apiserver-client-kubelet", "kubernetes.io/kubelet-serving"],
    verbs: ["approve"],
  },
];

/** Exactly what the machine controller may do; bound to the user of its certificate. */
export function controllerRbac({ autoscaler }: { readonly autoscaler: boolean } = { autoscaler: false }): readonly Manifest[] {
  const clusterRules = [...CLUSTER_RULES, ...APPROVAL_RULES, ...(autoscaler ? AUTOSCALER_RULES.cluster : [])];
  const namespaceRules = [...NAMESPACE_RULES, ...(autoscaler ? AUTOSCALER_RULES.namespace : [])];
  const subjects = [{ kind: "User", apiGroup: RBAC, name: MACHINE_CONTROLLER_USER }];
  const meta = { name: NAME };
  const own = { name: NAME, namespace: NAMESPACE };
  return [
    { apiVersion: `${RBAC}/v1`, kind: "ClusterRole", metadata: meta, rules: clusterRules },
    { apiVersion: `${RBAC}/v1`, kind: "ClusterRoleBinding", metadata: meta, subjects, roleRef: { apiGroup: RBAC, kind: "ClusterRole", name: NAME } },
    { apiVersion: `${RBAC}/v1`, kind: "Role", metadata: own, rules: namespaceRules },
    { apiVersion: `${RBAC}/v1`, kind: "RoleBinding", metadata: own, subjects, roleRef: { apiGroup: RBAC, kind: "Role", name: NAME } },
  ];
}

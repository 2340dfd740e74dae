import type { Manifest } from "../../pulumi/kubernetes/index.ts";
import { MACHINE_CONTROLLER_USER } from "../../config/index.ts";
import type { MachineApiNeeds, RbacRule } from "../../providers/index.ts";
import { FOREIGN_CONTROLLERS, NAMESPACE } from "../names.ts";

const READ = ["get", "list", "watch"] as const;
const GROUP = ["machine.openshift.io"] as const;
const RBAC = "rbac.authorization.k8s.io";
const NAME = "virt-ipi-machine-controller";

/** What the controllers do with nodes, and with the pods that a drain moves. */
export const CLUSTER_RULES: readonly RbacRule[] = [
  { apiGroups: [""], resources: ["nodes"], verbs: [...READ, "update", "patch", "delete"] },
  { apiGroups: [""], resources: ["pods"], verbs: ["get", "list"] },
  { apiGroups: [""], resources: ["pods/eviction"], verbs: ["create"] },
  { apiGroups: ["apps"], resources: ["daemonsets"], verbs: ["get"] },
];

/** What the controllers do in the Machine API's own namespace. */
export const NAMESPACE_RULES: readonly RbacRule[] = [
  { apiGroups: GROUP, resources: ["machines"], verbs: [...READ, "create", "update", "patch", "delete"] },
  { apiGroups: GROUP, resources: ["machinesets", "machinehealthchecks"], verbs: READ },
  { apiGroups: GROUP, resources: ["machines/status", "machinesets/status", "machinehealthchecks/status"], verbs: ["patch"] },
  { apiGroups: [""], resources: ["secrets"], verbs: ["get"] },
  { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
  { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["get", "create", "update"] },
];

/** Whether the cluster has controllers of its own, which these must not act beside: looked at beside them. */
const FOREIGN_RULES: readonly RbacRule[] = [
  { apiGroups: ["apps"], resources: ["deployments"], resourceNames: [FOREIGN_CONTROLLERS], verbs: ["get"] },
];

const OWNED = ["list", "watch", "create", "update"] as const;

/** What the controllers of the autoscaler's operator do besides, where the cluster has an autoscaler. */
export const AUTOSCALER_RULES: Readonly<Record<"cluster" | "namespace", readonly RbacRule[]>> = {
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

/** Approval of the certificates of the machines' kubelets. */
const APPROVAL_RULES: readonly RbacRule[] = [
  { apiGroups: ["certificates.k8s.io"], resources: ["certificatesigningrequests"], verbs: ["get", "list"] },
  { apiGroups: ["certificates.k8s.io"], resources: ["certificatesigningrequests/approval"], verbs: ["patch"] },
  {
    apiGroups: ["certificates.k8s.io"],
    resources: ["signers"],
    resourceNames: ["kubernetes.io/kube-apiserver-client-kubelet", "kubernetes.io/kubelet-serving"],
    verbs: ["approve"],
  },
];

/** What is done beside the controllers, by the same user. */
export const BESIDE_RULES = { cluster: APPROVAL_RULES, namespace: FOREIGN_RULES } as const;

export interface ControllerAccess {
  /** Whether the cluster has an autoscaler. */
  readonly autoscaler?: boolean;
  readonly needs?: MachineApiNeeds | undefined;
  /** Secrets whose tokens it renews. */
  readonly renewed?: readonly string[];
}

/** Exactly what the machine controller may do; bound to the user of its certificate. Its namespaces must be there. */
export function controllerRbac({ autoscaler = false, needs, renewed = [] }: ControllerAccess = {}): readonly Manifest[] {
  const meta = { name: NAME };
  const cluster = [...CLUSTER_RULES, ...BESIDE_RULES.cluster, ...(autoscaler ? AUTOSCALER_RULES.cluster : []), ...(needs?.rules.cluster ?? [])];
  return [
    { apiVersion: `${RBAC}/v1`, kind: "ClusterRole", metadata: meta, rules: cluster },
    { apiVersion: `${RBAC}/v1`, kind: "ClusterRoleBinding", metadata: meta, subjects, roleRef: { apiGroup: RBAC, kind: "ClusterRole", name: NAME } },
    ...inNamespace(NAMESPACE, [
      ...NAMESPACE_RULES,
      ...BESIDE_RULES.namespace,
      ...(autoscaler ? AUTOSCALER_RULES.namespace : []),
      ...(needs?.rules.machines ?? []),
      ...renewalRules(renewed),
    ]),
    ...Object.entries(needs?.rules.namespaces ?? {}).flatMap(([namespace, rules]) => inNamespace(namespace, rules)),
  ];
}

export const renewalRules = (secrets: readonly string[]): readonly RbacRule[] =>
  secrets.length === 0 ? [] : [{ apiGroups: [""], resources: ["secrets"], resourceNames: secrets, verbs: ["patch"] }];

const subjects = [{ kind: "User", apiGroup: RBAC, name: MACHINE_CONTROLLER_USER }];

function inNamespace(namespace: string, rules: readonly RbacRule[]): readonly Manifest[] {
  const metadata = { name: NAME, namespace };
  return [
    { apiVersion: `${RBAC}/v1`, kind: "Role", metadata, rules },
    { apiVersion: `${RBAC}/v1`, kind: "RoleBinding", metadata, subjects, roleRef: { apiGroup: RBAC, kind: "Role", name: NAME } },
  ];
}

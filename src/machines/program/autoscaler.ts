import type { MachineSetPlan } from "../../config/index.ts";
import type { Manifest } from "../../pulumi/kubernetes/index.ts";
import { NAMESPACE } from "../names.ts";
import { API_VERSION } from "../observe/kinds.ts";

const GROUP = "autoscaling.openshift.io";

const CONTROL_PLANE = "node-role.kubernetes.io/control-plane";

/**
 * Of the namespace: its pods may run on the control plane. The autoscaler's pod is to run there and nowhere else, but knows the taint only by the
 * name that it has in OpenShift. Read by the admission plugin PodTolerationRestriction.
 */
export const controlPlaneTolerations = (): Readonly<Record<string, string>> => ({
  "scheduler.alpha.kubernetes.io/defaultTolerations": JSON.stringify([{ key: CONTROL_PLANE, operator: "Exists", effect: "NoSchedule" }]),
});

/** The bounds of a set's number of machines; undefined for a set that nobody but the user scales. */
export function machineAutoscaler({ name, autoscaling }: Pick<MachineSetPlan, "name" | "autoscaling">): Manifest | undefined {
  if (autoscaling === undefined) return undefined;
  const { minReplicas, maxReplicas } = autoscaling;
  return {
    apiVersion: `${GROUP}/v1beta1`,
    kind: "MachineAutoscaler",
    metadata: { name, namespace: NAMESPACE },
    spec: { minReplicas, maxReplicas, scaleTargetRef: { apiVersion: API_VERSION, kind: "MachineSet", name } },
  };
}

/**
 * What a machine of the set offers, for an autoscaler that has no node of it to look at. By the names that the Machine API's own controllers
 * write where they know the platform; the operator adds those that the autoscaler reads.
 */
export const capacityAnnotations = ({ pool: { cpus, memoryMB } }: Pick<MachineSetPlan, "pool">): Readonly<Record<string, string>> => ({
  "machine.openshift.io/vCPU": String(cpus),
  "machine.openshift.io/memoryMb": String(memoryMB),
  "machine.openshift.io/GPU": "0",
});

/** The one autoscaler of the cluster, which adds and removes machines within the bounds of the MachineAutoscalers. */
export const clusterAutoscaler = (): Manifest => ({
  apiVersion: `${GROUP}/v1`,
  kind: "ClusterAutoscaler",
  metadata: { name: "default" },
  spec: { balanceSimilarNodeGroups: true, scaleDown: { enabled: true } },
});

const MONITORING = "monitoring.coreos.com";

/**
 * Kinds of the Prometheus Operator in which the autoscaler's operator says how the autoscaler is watched. It cannot do without their names;
 * what they say has a meaning only where that operator is, which brings its own definitions.
 */
export const monitoringDefinitions = (): readonly Manifest[] =>
  [
    ["ServiceMonitor", "servicemonitors"],
    ["PrometheusRule", "prometheusrules"],
  ].map(([kind = "", plural = ""]) => ({
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${MONITORING}` },
    spec: {
      group: MONITORING,
      scope: "Namespaced",
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [
        { name: "v1", served: true, storage: true, schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } } },
      ],
    },
  }));

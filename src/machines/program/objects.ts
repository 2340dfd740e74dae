import type { Identity, MachineSetPlan } from "../../config/index.ts";
import type { Manifest } from "../../pulumi/kubernetes/index.ts";
import { MACHINE_LABELS as LABELS, type MachineApiPart } from "../../providers/index.ts";
import { DRAIN_TIMEOUT_ANNOTATION, NAMESPACE, userDataSecretName } from "../names.ts";
import { API_VERSION } from "../observe/kinds.ts";
import { capacityAnnotations, controlPlaneTolerations, machineAutoscaler } from "./autoscaler.ts";

/** What the Machine API's objects are made from. */
export interface MachineApiInput {
  readonly identity: Pick<Identity, "infraID">;
  readonly sets: readonly MachineSetPlan[];
  /** `providerSpec.value` of a set's machines: what makes machines on the platform reads. */
  readonly providerSpec: MachineApiPart["providerSpec"];
}

export const namespace = ({ autoscaler }: { readonly autoscaler: boolean }): Manifest => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name: NAMESPACE, ...(autoscaler ? { annotations: controlPlaneTolerations() } : {}) },
});

/** @param userData what the pool's machines are started with: a secret */
export const userDataSecret = (pool: string, userData: string): Manifest => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: userDataSecretName(pool), namespace: NAMESPACE },
  type: "Opaque",
  data: { userData: Buffer.from(userData).toString("base64") },
});

/** A set of machines that are alike, whose number is the cluster's to change after the installation. */
export function machineSet(set: MachineSetPlan, { identity, providerSpec }: MachineApiInput): Manifest {
  const own = { [LABELS.cluster]: identity.infraID, [LABELS.machineSet]: set.name };
  return {
    apiVersion: API_VERSION,
    kind: "MachineSet",
    metadata: {
      name: set.name,
      namespace: NAMESPACE,
      labels: { [LABELS.cluster]: identity.infraID },
      ...(set.autoscaling === undefined ? {} : { annotations: capacityAnnotations(set) }),
    },
    spec: {
      replicas: set.replicas,
      selector: { matchLabels: own },
      template: {
        metadata: {
          labels: { ...own, [LABELS.role]: set.pool.name, [LABELS.type]: set.pool.name },
          ...(set.pool.drainTimeout === undefined ? {} : { annotations: { [DRAIN_TIMEOUT_ANNOTATION]: set.pool.drainTimeout } }),
        },
        spec: { providerSpec: { value: providerSpec(set, { userDataSecret: userDataSecretName(set.pool.name) }) } },
      },
    },
  };
}

/** Undefined for a set whose machines nobody replaces. */
export function machineHealthCheck({ name, healthCheck }: MachineSetPlan): Manifest | undefined {
  if (healthCheck === undefined) return undefined;
  const { nodeStartupTimeout, unhealthyTimeout: timeout, maxUnhealthy } = healthCheck;
  return {
    apiVersion: API_VERSION,
    kind: "MachineHealthCheck",
    metadata: { name, namespace: NAMESPACE },
    spec: {
      selector: { matchLabels: { [LABELS.machineSet]: name } },
      unhealthyConditions: ["False", "Unknown"].map((status) => ({ type: "Ready", status, timeout })),
      maxUnhealthy: /%$/.test(maxUnhealthy) ? maxUnhealthy : Number(maxUnhealthy),
      nodeStartupTimeout,
    },
  };
}

/** All that is one set's own, by the names of the program's resources. */
export const setObjects = (set: MachineSetPlan, input: MachineApiInput): ReadonlyMap<string, Manifest> =>
  new Map(
    [machineSet(set, input), machineHealthCheck(set), machineAutoscaler(set)].flatMap((object) =>
      object === undefined ? [] : [[`${object.kind}/${set.name}`, object] as const],
    ),
  );

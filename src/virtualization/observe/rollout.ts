import { at, type KubeObject, nameOf, namespaceOf, numberAt, textAt } from "../../kube/index.ts";

/** Pods of a Deployment or DaemonSet. */
export interface Rollout {
  readonly wanted: number;
  readonly ready: number;
  /** Of its newest template. */
  readonly updated: number;
  /** Of templates before that. */
  readonly outdated: number;
}

/** Of each kind, by its name in `KINDS`. Source: Kubernetes API, DeploymentStatus and DaemonSetStatus; a Deployment has one pod by default */
export const ROLLOUT_OF = {
  deployments: (found: KubeObject): Rollout => {
    const updated = numberAt(found, "status", "updatedReplicas");
    return {
      wanted: at(found, "spec", "replicas") === undefined ? 1 : numberAt(found, "spec", "replicas"),
      ready: numberAt(found, "status", "readyReplicas"),
      updated,
      outdated: numberAt(found, "status", "replicas") - updated,
    };
  },
  daemonSets: (found: KubeObject): Rollout => {
    const [wanted, updated] = [numberAt(found, "status", "desiredNumberScheduled"), numberAt(found, "status", "updatedNumberScheduled")];
    return { wanted, ready: numberAt(found, "status", "numberReady"), updated, outdated: wanted - updated };
  },
} as const;

type RolloutKind = keyof typeof ROLLOUT_OF;
export const ROLLOUT_KINDS = Object.keys(ROLLOUT_OF) as readonly RolloutKind[];

/** True if what a controller says of an object is of before its last change; false where it does not say which change it knows. */
export function isBehind(object: KubeObject): boolean {
  const generation = object.metadata?.generation ?? 0;
  return Number(textAt(object, "status", "observedGeneration") || generation) < generation;
}

interface Operator {
  /** How it calls itself on the workloads that it makes. */
  readonly label: string;
  readonly deployment: string;
}

/** By kind of the resource whose workloads it makes. */
const OPERATORS: Readonly<Record<string, Operator>> = {
  KubeVirt: { label: "virt-operator", deployment: "virt-operator" },
  CDI: { label: "cdi-operator", deployment: "cdi-operator" },
  NetworkAddonsConfig: { label: "cnao-operator", deployment: "cluster-network-addons-operator" },
  HostPathProvisioner: { label: "hostpath-provisioner-operator", deployment: "hostpath-provisioner-operator" },
};

/** Deployments or DaemonSets that were made for a resource; some kinds lie in no namespace. */
function madeFor(owner: KubeObject, objects: readonly KubeObject[]): readonly KubeObject[] {
  const [operator, namespace] = [OPERATORS[owner.kind ?? ""], namespaceOf(owner)];
  return objects.filter(
    (one) =>
      operator !== undefined &&
      one.metadata?.labels?.["app.kubernetes.io/managed-by"] === operator.label &&
      (namespace === "" || namespaceOf(one) === namespace),
  );
}

/** The operator of a resource if it does not run, so that nobody takes note of a change, as `cdi-operator (0 of 1 ready)`. @param deployments all that there are */
export function stoppedOperator(deployments: readonly KubeObject[], owner: KubeObject): readonly string[] {
  return deployments
    .filter((one) => nameOf(one) === OPERATORS[owner.kind ?? ""]?.deployment)
    .map((one) => ({ name: nameOf(one), ...ROLLOUT_OF.deployments(one) }))
    .filter(({ ready }) => ready === 0)
    .map(({ name, wanted }) => `${name} (0 of ${wanted} ready)`);
}

/**
 * Which of a resource's Deployments or DaemonSets still have pods from before their last change, as `virt-api (1 of 2 of the new version)`.
 * KubeVirt itself waits for pods of its version, not of the newest template: one that cannot start after a change of its settings goes unseen while an old
 * one is ready. CDI and the hostpath provisioner look at pods that are ready, too. Source: kubevirt 1.7, pkg/virt-operator/util/readycheck.go;
 * controller-lifecycle-operator-sdk 0.2.7, pkg/sdk/util.go; hostpath-provisioner-operator 0.24, pkg/controller/hostpathprovisioner/controller.go
 */
export function outdatedOf(kind: RolloutKind, objects: readonly KubeObject[], owner: KubeObject): readonly string[] {
  return madeFor(owner, objects).flatMap((one) => {
    const { wanted, updated, outdated } = ROLLOUT_OF[kind](one);
    const current = isBehind(one) ? 0 : updated;
    if (current < wanted) return [`${nameOf(one)} (${current} of ${wanted} of the new version)`];
    return outdated > 0 ? [`${nameOf(one)} (${outdated} of the old version still there)`] : [];
  });
}

/** Which of a resource's Deployments or DaemonSets are not complete, as `virt-api (1 of 2 ready)`. */
export function incompleteOf(kind: RolloutKind, objects: readonly KubeObject[], owner: KubeObject): readonly string[] {
  return madeFor(owner, objects).flatMap((one) => {
    const { wanted, ready } = ROLLOUT_OF[kind](one);
    return ready < wanted ? [`${nameOf(one)} (${ready} of ${wanted} ready)`] : outdatedOf(kind, [one], owner);
  });
}

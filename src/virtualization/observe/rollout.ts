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

/** Which operator has made workloads for a resource, as these name it. */
const OPERATORS: Readonly<Record<string, string>> = { KubeVirt: "virt-operator", CDI: "cdi-operator" };

/** Deployments or DaemonSets of a KubeVirt or a CDI, which lies in no namespace. */
function madeFor(owner: KubeObject, objects: readonly KubeObject[]): readonly KubeObject[] {
  const [operator, namespace] = [OPERATORS[owner.kind ?? ""], namespaceOf(owner)];
  return objects.filter(
    (one) =>
      operator !== undefined &&
      one.metadata?.labels?.["app.kubernetes.io/managed-by"] === operator &&
      (namespace === "" || namespaceOf(one) === namespace),
  );
}

/**
 * Which of a KubeVirt's or a CDI's Deployments or DaemonSets still have pods from before their last change, as `virt-api (1 of 2 of the new version)`.
 * KubeVirt itself waits for pods of its version, not of the newest template: one that cannot start after a change of its settings goes unseen while an old
 * one is ready. Source: kubevirt 1.7, pkg/virt-operator/util/readycheck.go
 */
export function outdatedOf(kind: RolloutKind, objects: readonly KubeObject[], owner: KubeObject): readonly string[] {
  return madeFor(owner, objects).flatMap((one) => {
    const { wanted, updated, outdated } = ROLLOUT_OF[kind](one);
    const current = isBehind(one) ? 0 : updated;
    if (current < wanted) return [`${nameOf(one)} (${current} of ${wanted} of the new version)`];
    return outdated > 0 ? [`${nameOf(one)} (${outdated} of the old version still there)`] : [];
  });
}

/** Which of a KubeVirt's or a CDI's Deployments or DaemonSets are not complete, as `virt-api (1 of 2 ready)`. */
export function incompleteOf(kind: RolloutKind, objects: readonly KubeObject[], owner: KubeObject): readonly string[] {
  return madeFor(owner, objects).flatMap((one) => {
    const { wanted, ready } = ROLLOUT_OF[kind](one);
    return ready < wanted ? [`${nameOf(one)} (${ready} of ${wanted} ready)`] : outdatedOf(kind, [one], owner);
  });
}

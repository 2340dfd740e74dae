import { at, type KubeObject, numberAt } from "../../kube/index.ts";

/** Pods of a Deployment or DaemonSet. */
export interface Rollout {
  readonly wanted: number;
  readonly ready: number;
  /** Of its newest template. */
  readonly updated: number;
}

/** Of each kind, by its name in `KINDS`. Source: Kubernetes API, DeploymentStatus and DaemonSetStatus; a Deployment has one pod by default */
export const ROLLOUT_OF = {
  deployments: (found: KubeObject): Rollout => ({
    wanted: at(found, "spec", "replicas") === undefined ? 1 : numberAt(found, "spec", "replicas"),
    ready: numberAt(found, "status", "readyReplicas"),
    updated: numberAt(found, "status", "updatedReplicas"),
  }),
  daemonSets: (found: KubeObject): Rollout => ({
    wanted: numberAt(found, "status", "desiredNumberScheduled"),
    ready: numberAt(found, "status", "numberReady"),
    updated: numberAt(found, "status", "updatedNumberScheduled"),
  }),
} as const;

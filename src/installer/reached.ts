import type { Milestone } from "../cluster/index.ts";

/** What a wait has reached, and what is of use then. */
export interface Reached {
  readonly reached: Milestone;
  readonly elapsedMs: number;
  /** Path of the administrator's. */
  readonly kubeconfig: string;
  /** Of the web console, where the cluster has one. */
  readonly console?: string;
  /** Where the user has started it, and removes it. */
  readonly bootstrapMachine?: "yours";
}

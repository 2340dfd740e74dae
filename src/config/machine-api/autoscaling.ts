import type { Pool } from "../install-config.ts";

/** Between which numbers an autoscaler keeps the machines of a pool, or of one of its MachineSets. */
export interface Autoscaling {
  readonly minReplicas: number;
  readonly maxReplicas: number;
}

/** Undefined where the pool asks for none. */
export function autoscalingOf({ autoscaling }: Pool): Autoscaling | undefined {
  if (autoscaling?.minReplicas === undefined || autoscaling.maxReplicas === undefined) return undefined;
  return { minReplicas: autoscaling.minReplicas, maxReplicas: autoscaling.maxReplicas };
}

/**
 * What one of several MachineSets of a pool gets of a number of machines: the shares add up to it, and the first sets have one more where it
 * cannot be divided evenly. A larger number gives no set less, so the shares of bounds are bounds of the shares.
 * @param index from 0, of `count` sets
 */
export const shareOf = (total: number, index: number, count: number): number => Math.floor((total + count - 1 - index) / count);

/** The bounds of one of several MachineSets; undefined for one that never gets a machine. */
export function autoscalingShare({ minReplicas, maxReplicas }: Autoscaling, index: number, count: number): Autoscaling | undefined {
  const most = shareOf(maxReplicas, index, count);
  return most === 0 ? undefined : { minReplicas: shareOf(minReplicas, index, count), maxReplicas: most };
}

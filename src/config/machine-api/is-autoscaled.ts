import type { ClusterSpec } from "../cluster-spec.ts";

/** Whether the cluster needs an autoscaler at all. */
export const isAutoscaled = ({ pools }: Pick<ClusterSpec, "pools">): boolean => pools.compute.some(({ autoscaling }) => autoscaling !== undefined);

import type { ClusterSpec } from "../../config/index.ts";

export const computeReplicas = ({ pools }: Pick<ClusterSpec, "pools">): number => pools.compute.reduce((sum, pool) => sum + pool.replicas, 0);

export interface Topology {
  readonly controlPlane: string;
  readonly infrastructure: string;
}

/**
 * How many of everything there are, in the words of the Infrastructure object.
 * @param arbiters machines that only vote in etcd
 */
export function topologyOf(spec: Pick<ClusterSpec, "pools">, arbiters: number): Topology {
  const masters = spec.pools.controlPlane.replicas;
  const workers = computeReplicas(spec);
  const plain = masters === 1 ? "SingleReplica" : masters === 2 ? "DualReplica" : "HighlyAvailable";
  const controlPlane = masters >= 2 && arbiters > 0 ? "HighlyAvailableArbiter" : plain;
  if (workers > 0) return { controlPlane, infrastructure: workers === 1 ? "SingleReplica" : "HighlyAvailable" };
  // Two machines that do everything are as available as more.
  return { controlPlane, infrastructure: masters === 1 ? "SingleReplica" : "HighlyAvailable" };
}

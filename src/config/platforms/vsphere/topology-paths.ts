import type { NamedObject, VsphereConfig } from "./spec.ts";
import { cleanPath, completePath, isBareName, parseInventoryPath } from "./inventory-path.ts";

type Topology = NonNullable<NonNullable<VsphereConfig["failureDomains"]>[number]["topology"]>;

export type TopologyPaths = Readonly<Record<NamedObject, string>> & {
  /** Those given by a bare name: their path is the one directly below the datacenter's folder, or the cluster's root pool. */
  readonly byName: readonly NamedObject[];
};

const KINDS = { computeCluster: "host", datastore: "datastore", folder: "vm", template: "vm" } as const;

/** Full inventory paths of what a topology names; empty for what it does not. */
export function topologyPaths(topology: Topology): TopologyPaths {
  const { datacenter = "", resourcePool = "" } = topology;
  const path = (key: keyof typeof KINDS): string => completePath(topology[key] ?? "", KINDS[key], datacenter);
  const computeCluster = clusterPath(topology, path("computeCluster"));
  const byName = (["computeCluster", "resourcePool", "datastore", "folder", "template"] as const).filter((key) => isBareName(topology[key] ?? ""));
  return {
    computeCluster,
    resourcePool: poolPath(resourcePool, computeCluster, datacenter),
    datastore: path("datastore"),
    folder: path("folder"),
    template: path("template"),
    // A pool's path says where its cluster is.
    byName: byName.filter((key) => key !== "computeCluster" || computeCluster === path("computeCluster")),
  };
}

const ROOT_POOL = "Resources";

/** A cluster's name together with the full path of its pool is the cluster's path. */
function clusterPath({ computeCluster = "", resourcePool = "" }: Topology, guess: string): string {
  if (!isBareName(computeCluster) || !resourcePool.startsWith("/")) return guess;
  const [cluster = ""] = cleanPath(resourcePool).split(`/${ROOT_POOL}`, 1);
  return parseInventoryPath(cluster, "host") !== undefined && cluster.endsWith(`/${cleanPath(computeCluster)}`) ? cluster : guess;
}

function poolPath(text: string, cluster: string, datacenter: string): string {
  if (text === "" || text.startsWith("/") || cluster === "") return completePath(text, "host", datacenter);
  const clean = cleanPath(text);
  // `prod/c1/Resources/pool` is relative to the folder of clusters, `Resources/pool` and `pool` to the cluster.
  if (clean.includes(`/${ROOT_POOL}/`) || clean.endsWith(`/${ROOT_POOL}`)) return completePath(text, "host", datacenter);
  return clean === ROOT_POOL || clean.startsWith(`${ROOT_POOL}/`) ? `${cluster}/${clean}` : `${cluster}/${ROOT_POOL}/${clean}`;
}

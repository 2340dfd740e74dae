import type { ClusterSpec } from "../config/index.ts";

/**
 * What machines reach without the proxy, as in the status of OpenShift's Proxy object: the cluster's networks, its names, and what the user
 * adds; sorted, each once. `*` alone stands for everything. Names of machines and of etcd members lie in the cluster's domain.
 */
export function completeNoProxy({ clusterDomain, networking, proxy }: Pick<ClusterSpec, "clusterDomain" | "networking" | "proxy">): string {
  const given = proxy?.noProxy ?? "";
  if (given === "*") return given;
  const { machineNetwork, clusterNetwork, serviceNetwork } = networking;
  const names = ["127.0.0.1", "localhost", ".svc", ".cluster.local", `api-int.${clusterDomain}`, `.${clusterDomain}`];
  const networks = [...machineNetwork, ...clusterNetwork.map(({ cidr }) => cidr), ...serviceNetwork];
  return [...new Set([...names, ...networks, ...given.split(",").map((part) => part.trim())])]
    .filter((part) => part !== "")
    .toSorted()
    .join(",");
}

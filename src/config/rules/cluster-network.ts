import type { InstallConfig } from "../install-config.ts";
import { invalid, type IssueDraft, stricter, tooMany } from "../issue.ts";
import type { Cidrs } from "./cidrs.ts";

// A node needs its bridge's address and room for pods: less than four addresses are no pod network.
const LONGEST_HOST_PREFIX = 30;
const IPV6_HOST_PREFIX = 64;
// kube-controller-manager refuses to cut a network into more than 2^16 parts.
const MOST_NODE_BITS = 16;

/** networking.clusterNetwork[].hostPrefix */
export function clusterNetworkRules(config: InstallConfig, { cluster }: Cidrs): readonly IssueDraft[] {
  const issues: IssueDraft[] = [];
  const { networkType } = config.networking;
  const firstIPv4 = cluster.find(({ cidr }) => cidr.family === "IPv4");
  for (const { cidr, hostPrefix, index } of cluster) {
    const path = `networking.clusterNetwork[${index}].hostPrefix`;
    if (hostPrefix === 0 && networkType !== "OVNKubernetes" && config.distribution !== "kubernetes") continue;
    if (hostPrefix < 0) issues.push(invalid(path, hostPrefix, "must not be negative"));
    else if (hostPrefix < cidr.prefix)
      issues.push(
        invalid(path, hostPrefix, `${hostPrefix === 0 ? "must be given: " : ""}a node's part must not be larger than the network ${cidr.text}`),
      );
    else if (cidr.family === "IPv6" && hostPrefix !== IPV6_HOST_PREFIX)
      issues.push(invalid(path, hostPrefix, `must be ${IPV6_HOST_PREFIX} for IPv6`));
    else if (cidr.family === "IPv4" && hostPrefix > LONGEST_HOST_PREFIX)
      issues.push(stricter(invalid(path, hostPrefix, `must be at most ${LONGEST_HOST_PREFIX} for IPv4`)));
    if (cidr.family === "IPv4" && firstIPv4 !== undefined && hostPrefix !== firstIPv4.hostPrefix)
      issues.push(invalid(path, hostPrefix, "must be the same for all IPv4 networks"));
  }
  return config.distribution === "kubernetes" && issues.length === 0 ? kubernetesRules(config, { cluster }) : issues;
}

/** Upstream's own node address manager: one network, which must hold all nodes. */
function kubernetesRules(config: InstallConfig, { cluster }: Pick<Cidrs, "cluster">): readonly IssueDraft[] {
  const [first, second] = cluster;
  if (second !== undefined) return [tooMany("networking.clusterNetwork", config.networking.clusterNetwork.length, 1)];
  if (first === undefined || first.hostPrefix < first.cidr.prefix) return [];
  const bits = first.hostPrefix - first.cidr.prefix;
  const path = `networking.clusterNetwork[${first.index}].hostPrefix`;
  if (bits > MOST_NODE_BITS)
    return [invalid(path, first.hostPrefix, `cuts ${first.cidr.text} into more than 2^${MOST_NODE_BITS} parts; take a shorter one`)];
  const nodes = config.controlPlane.replicas + config.compute.reduce((sum, pool) => sum + pool.replicas, 0);
  return 2 ** bits < nodes
    ? [invalid(path, first.hostPrefix, `${first.cidr.text} has room for ${2 ** bits} nodes of this size; the cluster has ${nodes}`)]
    : [];
}

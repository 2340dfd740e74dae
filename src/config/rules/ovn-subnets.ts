import type { InstallConfig } from "../install-config.ts";
import { invalid, type IssueDraft } from "../issue.ts";
import { type Cidr, overlap, parseCidr } from "../network/address.ts";
import type { Cidrs } from "./cidrs.ts";

/** What OVN-Kubernetes uses inside by default. Source: reference of OpenShift 4.17 and later. */
const INTERNAL = [
  { name: "internal", subnets: ["100.64.0.0/16", "fd98::/64"] },
  { name: "transit", subnets: ["100.88.0.0/16", "fd97::/64"] },
  { name: "masquerade", subnets: ["169.254.0.0/17", "fd69::/112"] },
] as const;

const JOIN_PATH = "networking.ovnKubernetesConfig.ipv4.internalJoinSubnet";

export function ovnRules(config: InstallConfig, cidrs: Cidrs): readonly IssueDraft[] {
  const { networkType, ovnKubernetesConfig } = config.networking;
  const join = ovnKubernetesConfig?.ipv4?.internalJoinSubnet;
  const issues: IssueDraft[] = join === undefined ? [] : [...joinRules(join, cidrs)];
  if (networkType !== "OVNKubernetes") {
    if (ovnKubernetesConfig !== undefined)
      issues.push(invalid("networking.networkType", networkType, "ovnKubernetesConfig is only possible with OVNKubernetes"));
    return issues;
  }
  for (const { path, cidr } of [...cidrs.machine, ...cidrs.service, ...cidrs.cluster]) {
    for (const { name, subnets } of INTERNAL) {
      for (const text of subnets) {
        if (name === "internal" && join !== undefined && cidr.family === "IPv4") continue;
        const subnet = parseCidr(text);
        if (subnet !== undefined && overlap(cidr, subnet))
          issues.push(invalid(path, cidr.text, `must not overlap with OVN-Kubernetes' ${name} subnet ${text}`));
      }
    }
  }
  return issues;
}

function joinRules(text: string, cidrs: Cidrs): readonly IssueDraft[] {
  const join = parseCidr(text);
  if (join === undefined || join.family !== "IPv4") return [invalid(JOIN_PATH, text, "must be an IPv4 CIDR")];
  if (join.ip !== join.first) return [invalid(JOIN_PATH, text, "must be its own network address")];
  const issues: IssueDraft[] = [];
  const kinds = { cluster: cidrs.cluster, machine: cidrs.machine, service: cidrs.service } as const;
  for (const [kind, list] of Object.entries(kinds))
    if (list.some(({ cidr }) => overlap(cidr, join))) issues.push(invalid(JOIN_PATH, text, `must not overlap with the ${kind} networks`));
  const nodes = mostNodes(cidrs);
  if (sizeOf(join) <= nodes) issues.push(invalid(JOIN_PATH, text, `has fewer addresses than the ${nodes} nodes that clusterNetwork allows`));
  return issues;
}

/** Nodes that the IPv4 pod networks have room for. */
function mostNodes({ cluster }: Cidrs): bigint {
  return cluster.reduce(
    (sum, { cidr, hostPrefix }) => (cidr.family === "IPv4" && hostPrefix >= cidr.prefix ? sum + 2n ** BigInt(hostPrefix - cidr.prefix) : sum),
    0n,
  );
}

const sizeOf = (cidr: Cidr): bigint => cidr.last - cidr.first + 1n;

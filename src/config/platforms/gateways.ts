import { invalid, type IssueDraft } from "../issue.ts";
import { type Address, contains, formatAddress, hostAddress, isEdge, parseAddress, parseCidr, sameAddress } from "../network/address.ts";
import { isUserManaged, type VipConfig } from "./platform-config.ts";

interface Host {
  readonly networkDevice?: { readonly ipAddrs?: readonly string[] | undefined; readonly gateway?: string | undefined } | undefined;
}

const LINK_LOCAL = parseCidr("fe80::/10");

/** What is wrong with the default gateway of a host with these addresses; undefined if nothing, or if it is no address at all. */
export function gatewayProblem(text: string, ipAddrs: readonly string[]): string | undefined {
  const gateway = parseAddress(text);
  if (gateway === undefined) return undefined;
  const networks = ipAddrs.flatMap((address) => parseCidr(address) ?? []);
  // A host without a valid address has an issue of its own.
  if (networks.length === 0 || (LINK_LOCAL !== undefined && contains(LINK_LOCAL, gateway))) return undefined;
  const link = networks.find((network) => contains(network, gateway));
  if (link === undefined) return `is in none of the host's own networks (${ipAddrs.join(", ")}), so the host cannot reach it`;
  if (gateway.value === link.ip) return "is the host's own address";
  return isEdge(link, gateway) ? "is the network's own or its broadcast address" : undefined;
}

/** A gateway is one machine, and another one than those that the cluster has: against the VIPs and all hosts' addresses. */
export function gatewayRules(platformPath: string, hosts: readonly Host[], vips: VipConfig | undefined): readonly IssueDraft[] {
  const gateways = hosts.flatMap(({ networkDevice }) => parseAddress(networkDevice?.gateway ?? "") ?? []);
  const isGateway = (address: Address | undefined): boolean => address !== undefined && gateways.some((one) => sameAddress(one, address));
  const issues: IssueDraft[] = [];
  if (!isUserManaged(vips))
    for (const key of ["apiVIPs", "ingressVIPs"] as const)
      for (const vip of vips?.[key] ?? [])
        if (isGateway(parseAddress(vip))) issues.push(invalid(`${platformPath}.${key}`, vip, "is the gateway of a host"));
  for (const [index, { networkDevice }] of hosts.entries())
    for (const [number, text] of (networkDevice?.ipAddrs ?? []).entries()) {
      const cidr = parseCidr(text);
      const address = cidr === undefined ? undefined : hostAddress(cidr);
      const own = parseAddress(networkDevice?.gateway ?? "");
      // Said of the gateway already.
      if (address === undefined || (own !== undefined && sameAddress(own, address)) || !isGateway(address)) continue;
      const path = `${platformPath}.hosts[${index}].networkDevice.ipAddrs[${number}]`;
      issues.push(invalid(path, text, `${formatAddress(address)} is the gateway of another host`));
    }
  return issues;
}

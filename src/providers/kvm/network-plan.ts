import ipaddr from "ipaddr.js";
import { ADDRESS_OFFSETS, addressAt, type ClusterSpec, type MachinePlan } from "../../config/index.ts";
import { bridgeName, networkName } from "./names.ts";
import type { NetworkInputs } from "./network-inputs.ts";

/**
 * The cluster's own network: its gateway is the first address, VIPs and machines have theirs from the plan, and the upper part is for
 * machines that come later. Without VIPs the names lead to the first control-plane machine.
 */
export function planNetwork(spec: ClusterSpec, infraID: string, machines: readonly MachinePlan[]): NetworkInputs {
  const cidr = spec.networking.machineNetwork[0] ?? "";
  const [, prefixLength] = ipaddr.IPv4.parseCIDR(cidr);
  const fallback = machines.find(({ role }) => role === "control-plane")?.ipAddress;
  const api = spec.vips.api[0] ?? fallback;
  const ingress = spec.vips.ingress[0] ?? fallback;
  return {
    name: networkName(infraID),
    infraID,
    bridge: bridgeName(infraID),
    domain: spec.clusterDomain,
    gateway: addressAt(cidr, ADDRESS_OFFSETS.gateway),
    prefixLength,
    ...dynamicRange(cidr, prefixLength),
    reservations: machines.flatMap(({ name, macAddress, ipAddress }) => (ipAddress === undefined ? [] : [{ name, macAddress, ipAddress }])),
    records: api === undefined ? [] : [{ ipAddress: api, hostnames: [`api.${spec.clusterDomain}`, `api-int.${spec.clusterDomain}`] }],
    wildcards: ingress === undefined ? [] : [{ name: `apps.${spec.clusterDomain}`, ipAddress: ingress }],
  };
}

/** None in a network that is too small to have addresses beyond those of the plan. */
function dynamicRange(cidr: string, prefixLength: number): Pick<NetworkInputs, "dynamicRange"> {
  const last = 2 ** (32 - prefixLength) - 2;
  return last < ADDRESS_OFFSETS.firstDynamic
    ? {}
    : { dynamicRange: { first: addressAt(cidr, ADDRESS_OFFSETS.firstDynamic), last: addressAt(cidr, last) } };
}

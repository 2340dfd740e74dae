import { isGateOpen } from "../../../openshift/gates.ts";
import { present } from "../../../optional.ts";
import type { PlatformAssetInput } from "../../openshift-platform.ts";
import { type FailureDomainSpec, type NodeNetworkSpec, templateName, vmGroupName, type VSpherePlatformSpec } from "../spec.ts";

/** Where the cluster's machines are, for the operators that talk to the vCenters. Source: openshift/api, config/v1, VSpherePlatformSpec. */
export function platformSpec(input: PlatformAssetInput): Readonly<Record<string, unknown>> {
  const { spec, openshift, identity } = input;
  const { vcenters, failureDomains } = spec.platform as VSpherePlatformSpec;
  const given = openshift.config.platform?.vsphere?.vcenters ?? [];
  // In the old form there may be neither a cluster nor a network: nothing is known then about where machines are.
  const known = failureDomains.filter(({ topology }) => topology.computeCluster !== "" && topology.networks.length > 0);
  return {
    vsphere: {
      vcenters: vcenters.map(({ server, datacenters }, index) => ({ server, ...present("port", given[index]?.port || undefined), datacenters })),
      ...(known.length === 0 ? {} : { failureDomains: known.map((domain) => failureDomain(domain, identity.infraID)) }),
      nodeNetworking: nodeNetworking(input),
      apiServerInternalIPs: spec.vips.api,
      ingressIPs: spec.vips.ingress,
      machineNetworks: machineNetworks(input),
    },
  };
}

export function platformStatus(input: PlatformAssetInput): Readonly<Record<string, unknown>> {
  const { spec, openshift, contract } = input;
  const { loadBalancer } = openshift.config.platform?.vsphere ?? {};
  const { dnsRecordsType } = spec.platform as VSpherePlatformSpec;
  const hasVips = spec.vips.api.length > 0;
  return {
    vsphere: {
      apiServerInternalIPs: hasVips ? spec.vips.api : null,
      ingressIPs: hasVips ? spec.vips.ingress : null,
      ...(hasVips ? present("loadBalancer", loadBalancer) : {}),
      ...(hasVips && contract.dnsRecords ? { dnsRecordsType } : {}),
      machineNetworks: machineNetworks(input),
    },
  };
}

function failureDomain({ name, region, zone, server, regionType, zoneType, topology }: FailureDomainSpec, infraID: string) {
  const { datacenter, computeCluster, networks, datastore, resourcePool, folder, template, hostGroup } = topology;
  const group = vmGroupName(infraID, name);
  return {
    name,
    region,
    zone,
    server,
    topology: {
      datacenter,
      computeCluster,
      networks,
      datastore,
      resourcePool,
      ...present("folder", folder),
      template: template ?? `/${datacenter}/vm/${templateName(infraID, name)}`,
    },
    ...(hostGroup === undefined
      ? {}
      : { regionAffinity: { type: regionType }, zoneAffinity: { type: zoneType, hostGroup: { hostGroup, vmGroup: group, vmHostRule: group } } }),
  };
}

type NodeNetworks = Readonly<Record<"internal" | "external", Partial<NodeNetworkSpec>>>;

/** Which addresses of nodes count: as the user says, else those in the machine networks. */
export function nodeNetworking({ spec, openshift, contract }: Pick<PlatformAssetInput, "spec" | "openshift" | "contract">): NodeNetworks {
  const given = (spec.platform as VSpherePlatformSpec).nodeNetworking;
  if (given !== undefined) return { internal: filled(given.internal), external: filled(given.external) };
  if (!contract.inventory.alwaysNodeNetworking && !isGateOpen(openshift.config, "VSphereMultiNetworks")) return { internal: {}, external: {} };
  const machines = { networkSubnetCidr: spec.networking.machineNetwork };
  return { internal: machines, external: machines };
}

function filled({ networkSubnetCidr = [], excludeNetworkSubnetCidr = [], network }: Partial<NodeNetworkSpec> = {}): Partial<NodeNetworkSpec> {
  return {
    ...(networkSubnetCidr.length === 0 ? {} : { networkSubnetCidr }),
    ...(excludeNetworkSubnetCidr.length === 0 ? {} : { excludeNetworkSubnetCidr }),
    ...present("network", network),
  };
}

/** CIDRs of the machines, and of each VIP: it need not be in one of them. */
function machineNetworks({ spec, contract }: PlatformAssetInput): readonly string[] {
  const vips = [...spec.vips.api, ...spec.vips.ingress].map((address) => `${address}/${address.includes(":") ? 128 : 32}`);
  const all = [...spec.networking.machineNetwork, ...vips];
  return contract.inventory.networksOnce ? [...new Set(all)] : all;
}

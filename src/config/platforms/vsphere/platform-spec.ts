import type { InstallConfig } from "../../install-config.ts";
import type { FailureDomainSpec, NodeNetworkSpec, TopologySpec, VCenterSpec, VSpherePlatformSpec, VsphereConfig } from "./spec.ts";
import { cleanPath, completePath, datacenterName, isBareName } from "./inventory-path.ts";
import { topologyPaths } from "./topology-paths.ts";
import { isUserProvisioned } from "./user-provisioned.ts";
import { present } from "../../optional.ts";

const HTTPS = 443;

/** Only for a config that fulfils all rules. */
export function vspherePlatformSpec(config: InstallConfig): VSpherePlatformSpec {
  const vsphere = config.platform?.vsphere ?? {};
  const { diskType, clusterOSImage, nodeNetworking } = vsphere;
  return {
    name: "vsphere",
    vcenters: (vsphere.vcenters ?? []).map(vcenterSpec),
    failureDomains: (vsphere.failureDomains ?? []).map(failureDomainSpec),
    ...present("diskType", diskType),
    ...present("clusterOSImage", clusterOSImage === "" ? undefined : clusterOSImage),
    ...present("nodeNetworking", nodeNetworking === undefined ? undefined : nodeNetworkingSpec(nodeNetworking)),
    dnsRecordsType: vsphere.dnsRecordsType ?? "Internal",
    userProvisioned: isUserProvisioned(vsphere),
  };
}

function vcenterSpec({ server = "", port, user = "", password = "", datacenters = [] }: NonNullable<VsphereConfig["vcenters"]>[number]): VCenterSpec {
  return { server, port: port === undefined || port === 0 ? HTTPS : port, user, password, datacenters: datacenters.map(datacenterName) };
}

function failureDomainSpec(domain: NonNullable<VsphereConfig["failureDomains"]>[number]): FailureDomainSpec {
  const { name = "", region = "", zone = "", regionType, zoneType, server = "", topology = {} } = domain;
  return {
    name,
    region,
    zone,
    // The rules have refused a region that is a host group.
    regionType: regionType === "ComputeCluster" ? regionType : "Datacenter",
    zoneType: zoneType ?? "ComputeCluster",
    server,
    topology: topologySpec(topology, zoneType === "HostGroup"),
  };
}

function topologySpec(topology: NonNullable<NonNullable<VsphereConfig["failureDomains"]>[number]["topology"]>, byHosts: boolean): TopologySpec {
  const { datacenter = "", networks = [], tagIDs = [] } = topology;
  const { computeCluster, resourcePool, datastore, folder, template, byName } = topologyPaths(topology);
  return {
    datacenter: datacenterName(datacenter),
    computeCluster,
    resourcePool: resourcePool || (computeCluster === "" ? "" : `${computeCluster}/Resources`),
    datastore,
    networks: networks.map((network) => (isBareName(network) ? cleanPath(network) : completePath(network, "network", datacenter))),
    ...present("folder", folder || undefined),
    ...present("template", template || undefined),
    tagIDs,
    ...present("hostGroup", byHosts ? topology.hostGroup : undefined),
    ...present("byName", byName.length === 0 ? undefined : byName),
  };
}

function nodeNetworkingSpec({ internal, external }: NonNullable<VsphereConfig["nodeNetworking"]>) {
  return { ...present("internal", networkSpec(internal)), ...present("external", networkSpec(external)) };
}

function networkSpec(given: NonNullable<VsphereConfig["nodeNetworking"]>["internal"]): NodeNetworkSpec | undefined {
  if (given === undefined) return undefined;
  const { networkSubnetCidr = [], excludeNetworkSubnetCidr = [], network } = given;
  return { networkSubnetCidr, excludeNetworkSubnetCidr, ...present("network", network === "" ? undefined : network) };
}

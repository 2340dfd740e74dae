import { choice, integer, list, object, text, texts } from "../../fields/field.ts";
import { hostRole, networkDevice, oldVipShape, vipShape } from "../shared-schema.ts";

const pool = {
  cpus: integer("Virtual CPUs.", { default: 4 }),
  coresPerSocket: integer("Cores of a socket.", { default: 4 }),
  memoryMB: integer("Memory in MiB.", { default: 16384 }),
  osDisk: object({ diskSizeGB: integer("Size of the disk in GiB.", { default: 120 }) }, "The disk that the machine boots from."),
  dataDisks: list(
    { name: text("Name."), sizeGiB: integer("Size in GiB."), provisioningMode: choice(["Thin", "Thick", "EagerlyZeroed"], "How space is taken.") },
    "Further disks.",
  ),
  zones: texts("Names of the failure domains to spread over.", { defaultText: "all" }),
};

export const vspherePool = object(pool, "Size and zones of the pool's machines on vSphere.");

const subnets = object(
  { networkSubnetCidr: texts("CIDRs."), excludeNetworkSubnetCidr: texts("CIDRs to leave out."), network: text("Port group.") },
  "Which address of a node is meant.",
);
const old = (what: string, instead: string) => text(what, { deprecated: instead });

/** Structure only: the rules of vSphere come with its platform. */
export const vsphereSchema = object(
  {
    vcenters: list(
      {
        server: text("Host name or address."),
        port: integer("Port.", { default: 443 }),
        user: text("User name."),
        password: text("Password.", { secret: true }),
        datacenters: texts("Datacenters in use."),
      },
      "The vCenter servers.",
    ),
    failureDomains: list(
      {
        name: text("Name."),
        region: text("Value of the region tag."),
        zone: text("Value of the zone tag."),
        regionType: choice(["Datacenter", "ComputeCluster", "HostGroup"], "What the region tag is attached to."),
        zoneType: choice(["Datacenter", "ComputeCluster", "HostGroup"], "What the zone tag is attached to."),
        server: text("One of vcenters[].server."),
        topology: object(
          {
            datacenter: text("Datacenter."),
            computeCluster: text("Path of the cluster."),
            networks: texts("Port groups."),
            datastore: text("Path of the datastore."),
            resourcePool: text("Path of the resource pool.", { defaultText: "<computeCluster>/Resources" }),
            folder: text("Path of the VM folder.", { defaultText: "a folder of ours, named after the infraID" }),
            template: text("Path of a template to clone."),
            tagIDs: texts("Ids of tags to attach to the machines."),
            hostGroup: text("Host group."),
          },
          "Where in the inventory the machines are.",
        ),
      },
      "Parts of the inventory that fail independently.",
    ),
    ...vipShape(),
    clusterOSImage: text("URL or path of an OVA."),
    diskType: choice(["thin", "thick", "eagerZeroedThick"], "How disks take space.", { defaultText: "as the storage policy says" }),
    defaultMachinePlatform: object(pool, "Size of the machines of pools that do not say otherwise."),
    nodeNetworking: object({ internal: subnets, external: subnets }, "Which addresses nodes report."),
    dnsRecordsType: choice(["Internal", "External"], "Who serves the DNS records."),
    hosts: list({ role: hostRole, failureDomain: text("One of failureDomains[].name."), networkDevice }, "Machines with static addresses."),
    vCenter: old("Server.", "vcenters"),
    username: old("User.", "vcenters"),
    password: text("Password.", { deprecated: "vcenters", secret: true }),
    datacenter: old("Datacenter.", "failureDomains"),
    defaultDatastore: old("Datastore.", "failureDomains"),
    folder: old("Folder.", "failureDomains"),
    cluster: old("Cluster.", "failureDomains"),
    resourcePool: old("Resource pool.", "failureDomains"),
    network: old("Port group.", "failureDomains"),
    ...oldVipShape,
  },
  "Virtual machines on VMware vSphere.",
);

import {
  type Case,
  DUPLICATE,
  FORBIDDEN,
  INVALID,
  NEWEST,
  REQUIRED,
  TOO_MANY,
  UNSUPPORTED,
  vsphere,
  vsphereStatic,
  vsphereZones,
} from "./support.ts";

const V = "platform.vsphere";
const FD = `${V}.failureDomains`;
const T = `${FD}.topology`;
const N = `${V}.nodeNetworking`;
/** A change in the first or, where a number is given, another failure domain. */
const domain = (key: string, value: unknown, index = 0) => ({ [`${FD}[${index}].${key}`]: value });
const topology = (key: string, value: unknown, index = 0) => domain(`topology.${key}`, value, index);
const gate = (name: string) => ({ featureSet: "CustomNoUpgrade", featureGates: [`${name}=true`] });
const UPSTREAM = { distribution: "kubernetes" };
const BY_HOSTS = { ...domain("regionType", "ComputeCluster"), ...domain("zoneType", "HostGroup"), ...topology("hostGroup", "rack-1") };
const portGroups = (count: number): string[] => Array.from({ length: count }, (_, index) => `network-${index}`);
const TAG = "urn:vmomi:InventoryServiceTag:5736bf56-49f5-4667-b38c-b97e09dc9578:GLOBAL";

export const DOMAINS: readonly Case[] = [
  ["no failure domains", vsphere, { [FD]: undefined }, [FD, REQUIRED, ""]],
  ["an empty list of failure domains", vsphere, { [FD]: [] }, [FD, REQUIRED, ""]],
  [
    "an empty failure domain",
    vsphere,
    { [FD]: [{}] },
    ...["name", "region", "zone", "server", "topology.datacenter", "topology.datastore", "topology.computeCluster", "topology.networks"].map(
      (key) => [`${FD}.${key}`, REQUIRED, ""] as const,
    ),
  ],
  ["a failure domain without name", vsphere, domain("name", ""), [`${FD}.name`, REQUIRED, ""]],
  ["two failure domains of one name", vsphereZones, domain("name", "fd-1", 2), [`${FD}.name`, DUPLICATE, ""]],
  ["a failure domain with the longest name", vsphere, domain("name", "f".repeat(46))],
  ["a failure domain with spaces", vsphere, domain("name", "Rack 1")],
  ["a failure domain without region", vsphere, domain("region", undefined), [`${FD}.region`, REQUIRED, "failure domain fd"]],
  ["a failure domain without zone", vsphere, domain("zone", ""), [`${FD}.zone`, REQUIRED, "failure domain fd"]],
  ["the same zone in two regions", vsphereZones, { ...domain("zone", "z", 0), ...domain("zone", "z", 1) }],
  ["two zones in one region", vsphereZones, domain("region", "region-dc1", 1)],
  [
    "the same zone twice in a region",
    vsphereZones,
    { ...domain("region", "region-dc1", 1), ...domain("zone", "zone-c1", 1) },
    [`${FD}.zone`, DUPLICATE, "region-dc1: also by fd-1"],
  ],
  ["a failure domain without server", vsphere, domain("server", undefined), [`${FD}.server`, REQUIRED, ""]],
  ["an unknown server", vsphere, domain("server", "bad-vcenter"), [`${FD}.server`, INVALID, "does not exist in vcenters"]],
  [
    "an unknown server in the second failure domain",
    vsphereZones,
    domain("server", "bad-vcenter", 1),
    [`${FD}.server`, INVALID, "failure domain fd-2"],
  ],
  [
    "an unknown server in the third failure domain",
    vsphereZones,
    domain("server", "bad-vcenter", 2),
    [`${FD}.server`, INVALID, "failure domain fd-3"],
  ],
  [
    "a datacenter of another vcenter",
    vsphereZones,
    { ...NEWEST, ...domain("server", "10.9.9.9", 0) },
    [`${T}.datacenter`, INVALID, "not among the datacenters of vCenter 10.9.9.9"],
  ],
  [
    "a datacenter that its vcenter does not list",
    vsphere,
    { ...NEWEST, "platform.vsphere.vcenters[0].datacenters": ["other"] },
    [`${T}.datacenter`, INVALID, "vCenter vc.example.com"],
  ],
  [
    "a topology that is missing",
    vsphere,
    domain("topology", undefined),
    ...["datacenter", "datastore", "computeCluster", "networks"].map((key) => [`${T}.${key}`, REQUIRED, ""] as const),
  ],

  ["the default types in words", vsphere, { ...domain("regionType", "Datacenter"), ...domain("zoneType", "ComputeCluster") }],
  ["a region type without zone type", vsphere, domain("regionType", "Datacenter"), [`${FD}.zoneType`, REQUIRED, "when regionType is"]],
  ["a zone type without region type", vsphere, domain("zoneType", "ComputeCluster"), [`${FD}.regionType`, REQUIRED, "when zoneType is"]],
  [
    "a region of hosts",
    vsphere,
    { ...NEWEST, ...domain("regionType", "HostGroup"), ...domain("zoneType", "HostGroup") },
    [`${FD}.regionType`, REQUIRED, "only a zone"],
  ],
  [
    "a region of a cluster with a zone of a cluster",
    vsphere,
    { ...domain("regionType", "ComputeCluster"), ...domain("zoneType", "ComputeCluster") },
    [`${FD}.zoneType`, REQUIRED, "must be HostGroup"],
  ],
  ["zones of hosts", vsphere, { ...NEWEST, ...BY_HOSTS }],
  ["zones of hosts in a preview", vsphere, { ...BY_HOSTS, featureSet: "TechPreviewNoUpgrade" }],
  ["zones of hosts under kubernetes", vsphereStatic, BY_HOSTS],
  [
    "zones of hosts without host group",
    vsphere,
    { ...NEWEST, ...BY_HOSTS, ...topology("hostGroup", undefined) },
    [`${T}.hostGroup`, REQUIRED, "host group"],
  ],
  [
    "another zone type under kubernetes",
    vsphereStatic,
    { ...domain("regionType", "Datacenter"), ...domain("zoneType", "Rack") },
    [`${FD}.zoneType`, UNSUPPORTED, '"ComputeCluster"'],
  ],
  ["another zone type alone", vsphere, domain("zoneType", "Rack"), [`${FD}.regionType`, REQUIRED, "when zoneType is"]],
  ["another region type alone", vsphere, domain("regionType", "Row"), [`${FD}.zoneType`, REQUIRED, "when regionType is"]],
  [
    "another zone type in a cluster's region",
    vsphere,
    { ...domain("regionType", "ComputeCluster"), ...domain("zoneType", "Rack") },
    [`${FD}.zoneType`, REQUIRED, "must be HostGroup"],
  ],

  ["no datacenter", vsphere, topology("datacenter", ""), [`${T}.datacenter`, REQUIRED, ""]],
  [
    "a datacenter in a folder",
    vsphere,
    {
      ...topology("datacenter", "f/dc"),
      ...topology("computeCluster", "/f/dc/host/c"),
      ...topology("datastore", "/f/dc/datastore/d"),
      "platform.vsphere.vcenters[0].datacenters": ["/f/dc"],
    },
  ],
  ["no datastore", vsphere, topology("datastore", undefined), [`${T}.datastore`, REQUIRED, "/<datacenter>/datastore/<datastore>"]],
  ["a datastore by name", vsphere, topology("datastore", "d")],
  ["a datastore by a path without its first slash", vsphere, topology("datastore", "dc/datastore/d")],
  ["a datastore by a relative path", vsphere, topology("datastore", "ssd/d")],
  [
    "a datastore by name without a datacenter",
    vsphere,
    { ...topology("datastore", "d"), ...topology("datacenter", "") },
    [`${T}.datacenter`, REQUIRED, ""],
  ],
  ["a datastore that is a folder", vsphere, topology("datastore", "/dc/vm/d"), [`${T}.datastore`, INVALID, "full path"]],
  ["a datastore in a folder", vsphere, topology("datastore", "/dc/datastore/f/d")],
  ["a datastore elsewhere", vsphere, topology("datastore", "/other/datastore/d"), [`${T}.datastore`, INVALID, "must be in datacenter dc"]],
  ["no cluster", vsphere, topology("computeCluster", ""), [`${T}.computeCluster`, REQUIRED, ""]],
  ["a cluster by name", vsphere, topology("computeCluster", "c")],
  ["a cluster that is a folder of machines", vsphere, topology("computeCluster", "/dc/vm/c"), [`${T}.computeCluster`, INVALID, "or a name"]],
  ["a cluster elsewhere", vsphere, topology("computeCluster", "/other/host/c"), [`${T}.computeCluster`, INVALID, "must be in datacenter dc"]],
  ["a cluster in a folder", vsphere, topology("computeCluster", "/dc/host/f/c")],
  ["a cluster with a slash too many", vsphere, topology("computeCluster", "/dc/host//c/")],
  ["a pool of the cluster", vsphere, topology("resourcePool", "/dc/host/c/Resources/a/b")],
  ["the cluster's own pool", vsphere, topology("resourcePool", "/dc/host/c/Resources")],
  ["a resource pool by name", vsphere, topology("resourcePool", "a"), [`${T}.resourcePool`, INVALID, "/dc/host/c/Resources/a is what the name"]],
  ["a resource pool by name under kubernetes", vsphere, { ...UPSTREAM, ...topology("resourcePool", "a") }],
  ["a resource pool by name in a cluster by name", vsphere, { ...UPSTREAM, ...topology("resourcePool", "a"), ...topology("computeCluster", "c") }],
  [
    "a resource pool by its path in a cluster by name",
    vsphere,
    { ...topology("resourcePool", "/dc/host/f/c/Resources/a"), ...topology("computeCluster", "c") },
  ],
  [
    "a resource pool by its path in a cluster of another name",
    vsphere,
    { ...topology("resourcePool", "/dc/host/f/c2/Resources/a"), ...topology("computeCluster", "c") },
    [`${T}.resourcePool`, INVALID, "must be in compute cluster /dc/host/c"],
  ],
  ["the cluster as pool", vsphere, topology("resourcePool", "/dc/host/c"), [`${T}.resourcePool`, INVALID, "full path"]],
  [
    "a resource pool in another datacenter",
    vsphere,
    topology("resourcePool", "/other/host/c/Resources/a"),
    [`${T}.resourcePool`, INVALID, "must be in datacenter dc"],
  ],
  [
    "a resource pool in another cluster",
    vsphere,
    topology("resourcePool", "/dc/host/other/Resources/a"),
    [`${T}.resourcePool`, INVALID, "must be in compute cluster /dc/host/c"],
  ],
  [
    "a resource pool in a cluster of a similar name",
    vsphere,
    topology("resourcePool", "/dc/host/c2/Resources/a"),
    [`${T}.resourcePool`, INVALID, "must be in compute cluster"],
  ],
  ["a folder of machines", vsphere, topology("folder", "/dc/vm/a/b")],
  ["a folder by name", vsphere, topology("folder", "a")],
  ["a folder elsewhere", vsphere, topology("folder", "/other/vm/a"), [`${T}.folder`, INVALID, "must be in datacenter dc"]],
  ["a template", vsphere, topology("template", "/dc/vm/templates/rhcos")],
  ["a template by name", vsphere, topology("template", "rhcos")],
  [
    "a template and an OVA",
    vsphere,
    { ...topology("template", "/dc/vm/rhcos"), [`${V}.clusterOSImage`]: "/images/rhcos.ova" },
    [`${T}.template`, INVALID, "together with clusterOSImage"],
  ],
  ["a template in one of three failure domains", vsphereZones, topology("template", "/dc2/vm/rhcos", 1)],
  ["no networks", vsphere, topology("networks", undefined), [`${T}.networks`, REQUIRED, ""]],
  ["an empty list of networks", vsphere, topology("networks", []), [`${T}.networks`, REQUIRED, ""]],
  ["a network in a folder", vsphere, topology("networks", ["siteA/ocp"])],
  ["a network by its path", vsphere, topology("networks", ["/dc/network/siteA/ocp"])],
  ["a network by its path without the first slash", vsphere, topology("networks", ["dc/network/siteA/ocp"])],
  [
    "a datacenter that its vCenter's list writes in another way",
    vsphere,
    { ...NEWEST, ...topology("datacenter", "/dc") },
    [`${T}.datacenter`, INVALID, "is not among the datacenters"],
  ],
  ["a datacenter with a slash, for Kubernetes", vsphereStatic, topology("datacenter", "/dc")],
  ["ten networks", vsphere, topology("networks", portGroups(10))],
  ["two networks with the gate", vsphere, { ...topology("networks", portGroups(2)), ...gate("VSphereMultiNetworks") }],
  ["eleven networks", vsphere, topology("networks", portGroups(11)), [`${T}.networks`, TOO_MANY, "10"]],
  [
    "two networks without gate",
    vsphere,
    { ...topology("networks", ["a", "b"]), ...gate("Other") },
    [`${T}.networks`, FORBIDDEN, "VSphereMultiNetworks"],
  ],
  ["two networks under kubernetes", vsphereStatic, topology("networks", ["a", "b"])],
  ["tags", vsphere, topology("tagIDs", [TAG, TAG.toUpperCase().replace("URN:VMOMI:INVENTORYSERVICETAG", "urn:vmomi:InventoryServiceTag")])],
  [
    "ten tags",
    vsphere,
    topology(
      "tagIDs",
      Array.from({ length: 10 }, () => TAG),
    ),
  ],
  [
    "eleven tags",
    vsphere,
    topology(
      "tagIDs",
      Array.from({ length: 11 }, () => TAG),
    ),
    [`${T}.tagIDs`, INVALID, "at most 10"],
  ],
  ["a tag by name", vsphere, topology("tagIDs", ["my-tag"]), [`${T}.tagIDs`, INVALID, "urn:vmomi:InventoryServiceTag"]],
  ["a tag without scope", vsphere, topology("tagIDs", [TAG.replace(":GLOBAL", "")]), [`${T}.tagIDs`, INVALID, ""]],
  ["a tag with a broken UUID", vsphere, topology("tagIDs", [TAG.replace("49f5", "49g5")]), [`${T}.tagIDs`, INVALID, ""]],
  [
    "errors in two failure domains",
    vsphereZones,
    { ...topology("datastore", "", 0), ...topology("networks", [], 2), ...domain("zone", "", 1) },
    [`${T}.datastore`, REQUIRED, "fd-1"],
    [`${FD}.zone`, REQUIRED, "fd-2"],
    [`${T}.networks`, REQUIRED, "fd-3"],
  ],
  ["a misspelt key of a failure domain", vsphere, topology("datasore", "/dc/datastore/d"), [`${T}.datasore`, FORBIDDEN, 'did you mean "datastore"?']],

  [
    "node networking",
    vsphere,
    {
      [N]: { internal: { networkSubnetCidr: ["10.0.0.0/16"], network: "VM Network" }, external: { excludeNetworkSubnetCidr: ["fd00::/64"] } },
    },
  ],
  [
    "node networking without gate",
    vsphere,
    { [N]: { internal: { network: "VM Network" } }, ...gate("Other") },
    [N, FORBIDDEN, "VSphereMultiNetworks"],
  ],
  [
    "node networking with a broken CIDR",
    vsphere,
    { [N]: { internal: { networkSubnetCidr: ["10.0.0.0"] } } },
    [`${N}.internal.networkSubnetCidr`, INVALID, "CIDR"],
  ],
  [
    "node networking that excludes a broken CIDR",
    vsphere,
    { [N]: { external: { excludeNetworkSubnetCidr: ["x/y"] } } },
    [`${N}.external.excludeNetworkSubnetCidr`, INVALID, "CIDR"],
  ],
  [
    "node networking on an unknown network",
    vsphere,
    { [N]: { external: { network: "other" } } },
    [`${N}.external.network`, INVALID, "not among the networks"],
  ],

  // Without its last slash such a path is no more what it has to be.
  ...(
    [
      ["datastore", "/dc/datastore/"],
      ["computeCluster", "/dc/host/"],
      ["resourcePool", "/dc/host/c/"],
    ] as const
  ).map(([key, path]): Case => [`the folder ${path} as ${key}`, vsphere, topology(key, path), [`${T}.${key}`, INVALID, "of the form"]]),
];

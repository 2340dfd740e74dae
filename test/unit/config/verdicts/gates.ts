import {
  baremetal,
  type Case,
  DUPLICATE,
  external,
  FORBIDDEN,
  INVALID,
  NEWEST,
  none,
  PREVIEW,
  UNSUPPORTED,
  vsphere,
  vsphereZones,
} from "./support.ts";

const VERSIONS = ["4.19", "4.20", "4.21", "4.22", "5.0"] as const;
type Version = (typeof VERSIONS)[number];
type Issue = readonly [path: string, kind: string, fragment: string];

/** A key in each version: taken where the list has the version, else refused with these issues. */
function byVersion(
  what: string,
  base: Case[1],
  change: Readonly<Record<string, unknown>>,
  taken: readonly Version[],
  ...issues: readonly Issue[]
): readonly Case[] {
  return VERSIONS.map(
    (version) =>
      [
        `${what} in ${version}`,
        base,
        { ...change, release: { version } },
        ...(taken.includes(version) ? [] : (issues as Case extends readonly [string, unknown, unknown, ...infer E] ? E : never)),
      ] as Case,
  );
}

const ARBITER = { "controlPlane.replicas": 2, arbiter: { name: "arbiter", replicas: 1 } };
const fencing = (hostName: string) => ({ hostName, address: `redfish+https://${hostName}.example.com/1`, username: "u", password: "p" });
const FENCED = { "controlPlane.replicas": 2, "controlPlane.fencing.credentials": [fencing("a"), fencing("b")] };
const NETWORKS = { "platform.vsphere.failureDomains[0].topology.networks": ["one", "two"] };
const DISKS = { "compute[0].platform.vsphere.dataDisks": [{ name: "data", sizeGiB: 10 }] };
const SOURCES = { imageDigestSources: [{ source: "quay.io/a/b", mirrors: ["mirror.example.com/a/b"], sourcePolicy: "NeverContactSource" }] };
const ALL = [...VERSIONS];
const FD = "platform.vsphere.failureDomains";
const SAME_ZONE = { [`${FD}[1].region`]: "region-dc1", [`${FD}[1].zone`]: "zone-c1" };
const TWO_IMAGES = { [`${FD}[0].topology.template`]: "/dc/vm/rhcos", "platform.vsphere.clusterOSImage": "/images/rhcos.ova" };
const UNLISTED = { "platform.vsphere.vcenters[0].datacenters": ["other"] };
const HOST_GROUP = { [`${FD}[0].regionType`]: "ComputeCluster", [`${FD}[0].zoneType`]: "HostGroup", [`${FD}[0].topology.hostGroup`]: "rack-1" };
const OWN_RECORDS = { "platform.vsphere.dnsRecordsType": "External", "platform.vsphere.loadBalancer.type": "UserManaged" };

const IPV6_FIRST = {
  "networking.machineNetwork": [{ cidr: "fd00:1::/64" }, { cidr: "10.0.0.0/16" }],
  "networking.clusterNetwork": [
    { cidr: "fd01::/48", hostPrefix: 64 },
    { cidr: "10.128.0.0/14", hostPrefix: 23 },
  ],
  "networking.serviceNetwork": ["fd02::/112", "172.30.0.0/16"],
};
const LATER_THAN_FIRST: readonly Version[] = ["4.20", "4.21", "4.22", "5.0"];

export const GATES: readonly Case[] = [
  ...byVersion(
    "dual stack with IPv6 first",
    none,
    IPV6_FIRST,
    LATER_THAN_FIRST,
    ...["machineNetwork", "clusterNetwork", "serviceNetwork"].map((list): Issue => [
      `networking.${list}`,
      INVALID,
      "must begin with an IPv4 network",
    ]),
  ),
  ...byVersion(
    "the management of machines",
    none,
    { "compute[0].management": "MachineAPI" },
    ["4.22", "5.0"],
    ["compute[0].management", FORBIDDEN, "is not in version"],
  ),
  ["machines of Cluster API", none, { ...NEWEST, "controlPlane.management": "ClusterAPI" }, ["controlPlane.management", INVALID, "Cluster API"]],
  ...byVersion("the feature set of OKD", none, { distribution: "okd", featureSet: "OKD" }, ["5.0"], ["featureSet", FORBIDDEN, "is not in version"]),
  ["the feature set of OKD for OpenShift", none, { ...NEWEST, featureSet: "OKD" }, ["featureSet", INVALID, "only for distribution okd"]],
  [
    "a policy without mirrors",
    none,
    { imageDigestSources: [{ source: "quay.io/a/b", sourcePolicy: "NeverContactSource" }] },
    ["imageDigestSources[0].sourcePolicy", INVALID, "without a mirror"],
  ],
  ...byVersion("an OS stream, which is that of 4.22", none, { osImageStream: "rhel-9" }, ["4.22", "5.0"], ["osImageStream", FORBIDDEN, "OSStreams"]),
  ...byVersion("an OS stream that is no version's but one's", none, { osImageStream: "rhel-10" }, ["5.0"], ["osImageStream", FORBIDDEN, "OSStreams"]),
  ...byVersion(
    "an OS stream in a preview",
    none,
    { ...PREVIEW, osImageStream: "rhel-9" },
    ["4.22", "5.0"],
    ["osImageStream", FORBIDDEN, "OSStreams"],
  ),
  ...byVersion("fencing", none, FENCED, ["4.22", "5.0"], ["controlPlane.fencing", FORBIDDEN, "DualReplica"]),
  ...byVersion("fencing in a preview", none, { ...FENCED, ...PREVIEW }, ALL),
  ...byVersion(
    "fencing by MAC address in a preview",
    none,
    { ...FENCED, ...PREVIEW, "controlPlane.fencing.credentials[0]": { ...fencing("a"), hostName: undefined, macAddress: "52:54:00:00:00:01" } },
    ["4.22", "5.0"],
    ["controlPlane.fencing.credentials[0].macAddress", FORBIDDEN, "is not in version"],
  ),
  ...byVersion("an arbiter", baremetal, ARBITER, ["4.20", "4.21", "4.22", "5.0"], ["arbiter", FORBIDDEN, "HighlyAvailableArbiter"]),
  ...byVersion(
    "an arbiter on none in a preview",
    none,
    { ...ARBITER, ...PREVIEW },
    ["4.22", "5.0"],
    ["arbiter.platform", UNSUPPORTED, '"baremetal"'],
  ),
  ...byVersion("an arbiter on external in a preview", external, { ...ARBITER, ...PREVIEW }, ["4.22", "5.0"], ["arbiter.platform", UNSUPPORTED, ""]),
  ...byVersion(
    "a source that is never asked",
    none,
    SOURCES,
    ["4.21", "4.22", "5.0"],
    ["imageDigestSources[0].sourcePolicy", FORBIDDEN, "is not in version"],
  ),
  ...byVersion(
    "several networks",
    vsphere,
    NETWORKS,
    ["4.20", "4.21", "4.22", "5.0"],
    ["platform.vsphere.failureDomains.topology.networks", FORBIDDEN, "VSphereMultiNetworks"],
  ),
  ...byVersion("a zone twice in a region", vsphereZones, SAME_ZONE, ["4.19"], [`${FD}.zone`, DUPLICATE, "region-dc1: also by fd-1"]),
  ...byVersion("a template and an OVA", vsphere, TWO_IMAGES, ["4.19", "4.20"], [`${FD}.topology.template`, INVALID, "together with clusterOSImage"]),
  ...byVersion(
    "an unlisted datacenter",
    vsphere,
    UNLISTED,
    ["4.19", "4.20", "4.21"],
    [`${FD}.topology.datacenter`, INVALID, "not among the datacenters"],
  ),
  ...byVersion("zones of hosts", vsphere, HOST_GROUP, ["4.22", "5.0"], [`${FD}.zoneType`, FORBIDDEN, "VSphereHostVMGroupZonal"]),
  ...byVersion("zones of hosts in a preview", vsphere, { ...HOST_GROUP, ...PREVIEW }, ALL),
  ...byVersion(
    "DNS records of the cluster's",
    vsphere,
    { "platform.vsphere.dnsRecordsType": "Internal" },
    ["4.21", "4.22", "5.0"],
    ["platform.vsphere.dnsRecordsType", FORBIDDEN, "is not in version"],
  ),
  [
    "DNS records of the user's without the gate",
    vsphere,
    { ...NEWEST, ...OWN_RECORDS },
    ["platform.vsphere.dnsRecordsType", FORBIDDEN, "OnPremDNSRecords"],
  ],
  ["DNS records of the user's", vsphere, { ...NEWEST, ...OWN_RECORDS, ...PREVIEW }],
  ...byVersion("data disks", vsphere, DISKS, ["4.20", "4.21", "4.22", "5.0"], ["compute.platform.vsphere.dataDisks", FORBIDDEN, "VSphereMultiDisk"]),
  ...byVersion(
    "keys of signers in a preview",
    none,
    { ...PREVIEW, pki: { signerCertificates: { key: { algorithm: "RSA", rsa: { keySize: 4096 } } } } },
    ["5.0"],
    ["pki", FORBIDDEN, "is not in version"],
  ),
];

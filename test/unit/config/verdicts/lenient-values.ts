import type { Lenient } from "./lenient.ts";
import { baremetal, dualStack, ED25519, kvmBridge, NEWEST, none, PULL_SECRET, RSA, vsphere, vsphereFlat, vsphereStatic } from "./support.ts";

const V = "platform.vsphere";
const B = "platform.baremetal";
const FD = `${V}.failureDomains`;
const N = "networking";
const OLDEST = { release: { version: "4.19" } } as const;
const dualNone = () => dualStack(none);
const upstream = () => ({ ...kvmBridge(), distribution: "kubernetes" });
const dualVsphere = () => dualStack(vsphere);

/** More of what OpenShift's installer accepts: single values that Go, or its libraries of YAML and JSON, read otherwise. */
export const LENIENT_VALUES: readonly Lenient[] = [
  // Words and keys
  ["another kind of region and zone", vsphere, types("datacenter", "cluster"), `${FD}.regionType`, '"Datacenter"', vsphereStatic],
  ["another kind of zone", vsphere, types("Datacenter", "computecluster"), `${FD}.zoneType`, '"ComputeCluster"', vsphereStatic],
  ["another API for the machines of a pool", none, { ...NEWEST, "compute[0].management": "machineAPI" }, "compute[0].management", '"MachineAPI"'],
  ...["nutanix", "powervc"].map((name): Lenient => [
    `a pool's part for ${name}`,
    none,
    { [`compute[0].platform.${name}`]: {} },
    `compute[0].platform.${name}`,
    "another platform",
    kvmBridge,
  ]),
  ["a server in small letters beside itself", vsphereFlat, { [`${V}.vcenter`]: "vc.example.com" }, `${V}.vcenter`, "as vCenter"],
  ["a key in small letters beside itself", none, { basedomain: "other.example.com" }, "basedomain", "already given in line", kvmBridge],
  ["a key in capitals without value beside itself", none, { BASEDOMAIN: null }, "BASEDOMAIN", "already given in line", kvmBridge],
  ["auths in capitals", none, { pullSecret: PULL_SECRET.replace("auths", "Auths") }, "pullSecret", "small letters", upstream],

  // Lists with an item without value
  ["a network without name", vsphere, { [`${FD}[0].topology.networks`]: [null] }, `${FD}.topology.networks`, "remove the item", vsphereStatic],
  [
    "a datacenter without name",
    vsphere,
    { [`${V}.vcenters[0].datacenters`]: ["dc", null] },
    `${V}.vcenters[0].datacenters[1]`,
    "not nothing; remove the item",
    vsphereStatic,
  ],

  // Networks
  ...(
    [
      ["machineNetwork", [{ cidr: "10.0.0.0/016" }], "[0].cidr", "10.0.0.0/16"],
      ["serviceNetwork", ["172.30.0.0/0016"], "[0]", "172.30.0.0/16"],
      ["clusterNetwork", [{ cidr: "20.0.0.0/08", hostPrefix: 23 }], "[0].cidr", "20.0.0.0/8"],
    ] as const
  ).map(([key, value, place, plain]): Lenient => [
    `zeros before the prefix of ${key}`,
    none,
    { [`${N}.${key}`]: value },
    `${N}.${key}${place}`,
    `write ${plain}`,
    kvmBridge,
  ]),
  [
    "zeros before the prefix of a network of addresses",
    vsphere,
    { [`${V}.nodeNetworking`]: { external: { networkSubnetCidr: ["10.0.0.0/08"] } } },
    `${V}.nodeNetworking.external.networkSubnetCidr`,
    "must be CIDRs",
    vsphereStatic,
  ],
  ...(["machineNetwork", "clusterNetwork"] as const).map((key): Lenient => [
    `a ${key} of the second family without CIDR`,
    dualNone,
    { [`${N}.${key}[1]`]: {} },
    key === "machineNetwork" ? `${N}.${key}[1]` : `${N}.${key}[1].cidr`,
    "give a CIDR",
  ]),
  [
    "two VIPs that begin with the second family, in the oldest version",
    dualVsphere,
    { ...OLDEST, [`${V}.apiVIPs`]: ["fd00::5", "10.0.0.5"] },
    `${V}.apiVIPs`,
    "of the first machine network",
  ],
  ["a MAC address without separators", baremetal, { [`${B}.externalMACAddress`]: "525400123456" }, `${B}.externalMACAddress`, "separated by colons"],

  // Others
  [
    "a data disk below nothing",
    vsphere,
    { "controlPlane.platform.vsphere.dataDisks": [{ name: "a", sizeGiB: -1 }] },
    "controlPlane.platform.vsphere.dataDisks[0].sizeGiB",
    "between 1 and",
    vsphereStatic,
  ],
  [
    "a zone of no failure domain that no pool takes",
    vsphere,
    { [`${V}.defaultMachinePlatform.zones`]: ["elsewhere"], "controlPlane.platform.vsphere.cpus": 8, "compute[0].platform.vsphere.cpus": 8 },
    `${V}.defaultMachinePlatform.zones`,
    "is not defined in failureDomains",
    vsphereStatic,
  ],
  ["fips with a line that is no key", none, { fips: true, sshKey: `${RSA}\nnonsense` }, "sshKey", "line 2", kvmBridge],
  ["fips with another key behind a line that is none", none, { fips: true, sshKey: `nonsense\n${RSA}\n${ED25519}` }, "sshKey", "line 1", kvmBridge],
];

function types(regionType: string, zoneType: string) {
  return { [`${FD}[0].regionType`]: regionType, [`${FD}[0].zoneType`]: zoneType };
}

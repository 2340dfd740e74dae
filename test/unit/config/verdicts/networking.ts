import {
  baremetal,
  type Case,
  dualStack,
  type Expected,
  INVALID,
  ipv6,
  kvm,
  kvmBridge,
  none,
  REQUIRED,
  TOO_MANY,
  UNSUPPORTED,
  vsphere,
} from "./support.ts";

const machine = (...cidrs: string[]) => ({ "networking.machineNetwork": cidrs.map((cidr) => ({ cidr })) });
const service = (...cidrs: string[]) => ({ "networking.serviceNetwork": cidrs });
const cluster = (...entries: [cidr: string, hostPrefix?: number][]) => ({
  "networking.clusterNetwork": entries.map(([cidr, hostPrefix]) => ({ cidr, ...(hostPrefix === undefined ? {} : { hostPrefix }) })),
});
const M = "networking.machineNetwork[0]";
const S = "networking.serviceNetwork[0]";
const C = "networking.clusterNetwork[0].cidr";
const H = "networking.clusterNetwork[0].hostPrefix";
const JOIN = "networking.ovnKubernetesConfig.ipv4.internalJoinSubnet";
const dualNone = () => dualStack(none);
const dualVsphere = () => dualStack(vsphere);

export const NETWORKING: readonly Case[] = [
  ["networks given", none, { ...machine("10.1.0.0/16"), ...service("10.2.0.0/16"), ...cluster(["10.4.0.0/14", 23]) }],
  ["a third-party plugin", none, { "networking.networkType": "Calico" }],
  ["Kuryr", none, { "networking.networkType": "Kuryr" }, ["networking.networkType", INVALID, "no longer"]],
  ["OpenShiftSDN in other capitals", none, { "networking.networkType": "OpenshiftSdn" }, ["networking.networkType", INVALID, "use OVNKubernetes"]],
  [
    "OVNKubernetes in other capitals",
    none,
    { "networking.networkType": "ovnkubernetes", "networking.ovnKubernetesConfig.ipv4.internalJoinSubnet": "100.65.0.0/16" },
  ],
  ["OVNKubernetes for kubernetes", kvm, { "networking.networkType": "OVNKubernetes" }, ["networking.networkType", UNSUPPORTED, '"Bridge"']],
  ["empty lists mean the defaults", none, { "networking.machineNetwork": [], "networking.serviceNetwork": [], "networking.clusterNetwork": [] }],

  ["a machine network that is no CIDR", none, machine("10.0.0.0"), [M, INVALID, "is not a CIDR"]],
  [
    "a deprecated pod network that is no CIDR",
    none,
    { ...cluster(["10.128.0.0/14", 23]), "networking.clusterNetworks": [{ cidr: "x" }] },
    ["networking.clusterNetworks[0].cidr", INVALID, ""],
  ],
  [
    "VIPs without any machine network",
    baremetal,
    { "networking.machineNetwork": [{}] },
    ...["apiVIPs", "ingressVIPs"].map((key): Expected => [`platform.baremetal.${key}`, INVALID, "none has a CIDR"]),
  ],
  ["a machine network with an empty CIDR", none, machine(""), [M, REQUIRED, "give a CIDR"]],
  ["a CIDR with leading zeros", none, machine("010.0.0.0/16"), [M, INVALID, "is not a CIDR"]],
  ["a prefix too long", none, machine("10.0.0.0/33"), [M, INVALID, "is not a CIDR"]],
  ["host bits in a machine network", none, machine("10.0.1.5/16"), [M, INVALID, "got 10.0.1.5/16, expecting 10.0.0.0/16"]],
  ["host bits in a service network", none, service("172.30.0.1/16"), [S, INVALID, "expecting 172.30.0.0/16"]],
  ["host bits in a cluster network, and nothing more", none, cluster(["10.129.0.0/14", 10]), [C, INVALID, "expecting 10.128.0.0/14"]],
  ["the unspecified machine network, and no overlap said of it", none, machine("0.0.0.0/8"), [M, INVALID, "unspecified"]],
  ["a service network of /12", none, service("172.16.0.0/12")],
  ["a service network of /11", none, service("172.0.0.0/11"), [S, INVALID, "at least 12"]],
  ["an IPv6 service network of /107", ipv6, service("fd00:3::/107"), [S, INVALID, "at least 108; 112 is recommended"]],
  ["two overlapping machine networks", none, machine("10.0.0.0/16", "10.0.8.0/24"), ["networking.machineNetwork[1]", INVALID, "machine network 0"]],
  ["the same machine network twice", none, machine("10.0.0.0/16", "10.0.0.0/16"), ["networking.machineNetwork[1]", INVALID, "machine network 0"]],
  ["service in machine network", none, service("10.0.8.0/24"), [S, INVALID, "any of the machine networks"]],
  ["cluster over machine network", none, machine("10.128.8.0/24"), [C, INVALID, "any of the machine networks"]],
  ["cluster over service network", none, service("10.129.0.0/16"), [C, INVALID, "service network 0"]],
  [
    "two overlapping cluster networks",
    none,
    cluster(["10.128.0.0/14", 23], ["10.130.0.0/16", 23]),
    ["networking.clusterNetwork[1].cidr", INVALID, "cluster network 0"],
  ],
  [
    "more networks than anyone has",
    none,
    machine(...Array.from({ length: 101 }, (_, index) => `10.0.${index}.0/24`)),
    ["networking.machineNetwork", TOO_MANY, "100"],
  ],

  ["machine network in OVN's internal subnet", none, machine("100.64.1.0/24"), [M, INVALID, "internal subnet 100.64.0.0/16"]],
  ["service network over OVN's transit subnet", none, service("100.88.0.0/14"), [S, INVALID, "transit subnet"]],
  ["cluster network over OVN's masquerade subnet", none, cluster(["169.254.0.0/16", 23]), [C, INVALID, "masquerade subnet"]],
  ["machine network in OVN's IPv6 internal subnet", ipv6, machine("fd98::/80"), [M, INVALID, "internal subnet fd98::/64"]],
  ["OVN's subnets under another plugin", none, { ...machine("100.64.1.0/24"), "networking.networkType": "Calico" }],
  ["machine network in the internal subnet when that is moved", none, { ...machine("100.64.1.0/24"), [JOIN]: "100.80.0.0/16" }],
  ["a join subnet that is no CIDR", none, { [JOIN]: "x" }, [JOIN, INVALID, "IPv4 CIDR"]],
  ["a join subnet with host bits, and nothing more", none, { [JOIN]: "10.0.0.1/16" }, [JOIN, INVALID, "its own network address"]],
  ["a join subnet in the machine network", none, { [JOIN]: "10.0.0.0/16" }, [JOIN, INVALID, "machine networks"]],
  ["a join subnet too small", none, { [JOIN]: "100.65.0.0/24" }, [JOIN, INVALID, "512 nodes"]],
  [
    "OVN settings for another plugin",
    none,
    { "networking.networkType": "Calico", "networking.ovnKubernetesConfig": {} },
    ["networking.networkType", INVALID, "only possible with OVNKubernetes"],
  ],
  ["an MTU", none, { "networking.clusterNetworkMTU": 1200 }, ["networking.clusterNetworkMTU", INVALID, "AWS only"]],
  ["an MTU of 0", none, { "networking.clusterNetworkMTU": 0 }],

  ["hostPrefix 30", none, cluster(["10.128.0.0/14", 30])],
  ["hostPrefix shorter than the network", none, cluster(["10.128.0.0/14", 13]), [H, INVALID, "larger than the network 10.128.0.0/14"]],
  ["a negative hostPrefix", none, cluster(["10.128.0.0/14", -1]), [H, INVALID, "negative"]],
  ["hostPrefix 0 under another plugin", none, { ...cluster(["10.128.0.0/14", 0]), "networking.networkType": "Calico" }],
  ["a hostPrefix that is a fraction", none, cluster(["10.128.0.0/14", 23.5]), [H, INVALID, "a whole number, not a fraction"]],
  [
    "different hostPrefixes",
    none,
    cluster(["10.128.0.0/14", 23], ["10.132.0.0/14", 24]),
    ["networking.clusterNetwork[1].hostPrefix", INVALID, "the same"],
  ],
  ["IPv6 hostPrefix 65", ipv6, cluster(["fd00:2::/48", 65]), [H, INVALID, "64 for IPv6"]],
  ["IPv6 without hostPrefix", ipv6, cluster(["fd00:2::/48"]), [H, INVALID, "must be given"]],
  ["IPv4 without hostPrefix", none, cluster(["10.128.0.0/14"]), [H, INVALID, "must be given"]],

  ["IPv6 alone", ipv6, {}],
  ["two IPv4 service networks", none, service("172.30.0.0/16", "172.31.0.0/16"), ["networking.serviceNetwork", INVALID, "only one service network"]],
  ["dual-stack", dualNone, {}],
  ["dual-stack with IPv6 first, off premises", dualNone, service("fd00:3::/112", "172.30.0.0/16")],
  [
    "dual-stack with IPv6 first in one list only, on vsphere",
    dualVsphere,
    service("fd00:3::/112", "172.30.0.0/16"),
    ["platform.vsphere.apiVIPs", INVALID, "of the family of the first service network, IPv6"],
    ["platform.vsphere.ingressVIPs", INVALID, "of the family of the first service network, IPv6"],
  ],
  [
    "dual-stack with IPv6 first on vsphere",
    dualVsphere,
    {
      ...machine("fd00:1::/64", "10.0.0.0/16"),
      ...cluster(["fd00:2::/48", 64], ["10.128.0.0/14", 23]),
      ...service("fd00:3::/112", "172.30.0.0/16"),
      "platform.vsphere.apiVIPs": ["fd00:1::5", "10.0.0.5"],
      "platform.vsphere.ingressVIPs": ["fd00:1::6", "10.0.0.6"],
    },
  ],
  [
    "dual-stack with three service networks",
    dualNone,
    service("172.30.0.0/16", "fd00:3::/112", "172.31.0.0/16"),
    ["networking.serviceNetwork", INVALID, "exactly two"],
  ],
  ["dual-stack without IPv6 pods", dualNone, cluster(["10.128.0.0/14", 23]), ["networking.clusterNetwork", INVALID, "an IPv6 network"]],
  ["dual-stack without IPv4 machines", dualNone, machine("fd00:1::/64"), ["networking.machineNetwork", INVALID, "an IPv4 network"]],
  ["IPv6 machines beside IPv4 services", none, machine("10.0.0.0/16", "fd00:1::/64")],
  ["IPv6 for kubernetes", kvmBridge, service("fd00:3::/112"), ["networking.serviceNetwork", INVALID, "not yet supported"]],
  ["two pod networks for kubernetes", kvm, cluster(["10.128.0.0/14", 23], ["10.132.0.0/14", 23]), ["networking.clusterNetwork", TOO_MANY, "1"]],
  ["a pod network too small for the nodes", kvm, cluster(["10.128.0.0/22", 24]), [H, INVALID, "room for 4 nodes"]],
  ["a pod network cut too fine", kvm, cluster(["10.0.0.0/8", 25]), [H, INVALID, "2^16"]],

  ["machineCIDR of old", none, { "networking.machineCIDR": "10.1.0.0/16" }],
  ["machineCIDR of old, wrong", none, { "networking.machineCIDR": "10.1.0.1/16" }, [M, INVALID, "expecting"]],
  ...["machineCIDR", "serviceCIDR"].map((key): Case => [
    `${key} of old that is none, and not used`,
    none,
    { [`networking.${key}`]: "x", ...machine("10.2.0.0/16"), "networking.serviceNetwork": ["172.30.0.0/16"] },
    [`networking.${key}`, INVALID, "is not a CIDR"],
  ]),
  ["type of old", none, { "networking.type": "Kuryr" }, ["networking.networkType", INVALID, "no longer"]],
  ["serviceCIDR of old", none, { "networking.serviceCIDR": "172.31.0.0/16" }],
  ["clusterNetworks of old with hostSubnetLength", none, { "networking.clusterNetworks": [{ cidr: "10.128.0.0/14", hostSubnetLength: 9 }] }],
  [
    "hostSubnetLength of old, wrong",
    none,
    { "networking.clusterNetwork": [{ cidr: "10.128.0.0/14", hostSubnetLength: 20 }] },
    [H, INVALID, "larger than the network"],
  ],
];

import { baremetal, type Case, dualStack, INVALID, kvm, kvmBridge, REQUIRED, TOO_MANY, UNSUPPORTED, vsphere } from "./support.ts";

const V = "platform.vsphere";
const B = "platform.baremetal";
const K = "platform.kvm";
const dualVsphere = () => dualStack(vsphere);

export const VIPS: readonly Case[] = [
  ["the baremetal base", baremetal, {}],
  ["no VIPs on vsphere", vsphere, { [`${V}.apiVIPs`]: undefined, [`${V}.ingressVIPs`]: undefined }],
  [
    "no VIPs on baremetal",
    baremetal,
    { [`${B}.apiVIPs`]: undefined, [`${B}.ingressVIPs`]: [] },
    [`${B}.apiVIPs`, REQUIRED, ""],
    [`${B}.ingressVIPs`, REQUIRED, ""],
  ],
  ["a VIP that is no address", vsphere, { [`${V}.apiVIPs`]: ["foobar"] }, [`${V}.apiVIPs`, INVALID, '"foobar" is not a valid IP']],
  ["a VIP with prefix length", vsphere, { [`${V}.ingressVIPs`]: ["10.0.0.6/16"] }, [`${V}.ingressVIPs`, INVALID, "is not a valid IP"]],
  ["an ingress VIP outside, on baremetal", baremetal, { [`${B}.ingressVIPs`]: ["192.168.0.5"] }, [`${B}.ingressVIPs`, INVALID, "machine networks"]],
  ["a VIP outside with the user's load balancer", vsphere, { [`${V}.apiVIPs`]: ["192.168.0.5"], [`${V}.loadBalancer.type`]: "UserManaged" }],
  ["API and ingress VIP the same", vsphere, { [`${V}.ingressVIPs`]: ["10.0.0.5"] }, [`${V}.apiVIPs`, INVALID, "one of the ingress VIPs"]],
  ["the same with the user's load balancer", vsphere, { [`${V}.ingressVIPs`]: ["10.0.0.5"], [`${V}.loadBalancer.type`]: "UserManaged" }],
  ["API without ingress", vsphere, { [`${V}.ingressVIPs`]: undefined }, [`${V}.ingressVIPs`, REQUIRED, "when apiVIPs are"]],
  ["ingress without API", vsphere, { [`${V}.apiVIPs`]: [] }, [`${V}.apiVIPs`, REQUIRED, "when ingressVIPs are"]],
  ["three VIPs, and nothing more", vsphere, { [`${V}.apiVIPs`]: ["10.0.0.5", "x", "y"] }, [`${V}.apiVIPs`, TOO_MANY, "at most 2"]],
  ["two IPv4 VIPs", vsphere, { [`${V}.apiVIPs`]: ["10.0.0.5", "10.0.0.7"] }, [`${V}.apiVIPs`, INVALID, "one must be IPv4 and the other IPv6"]],
  ["VIPs of both families", dualVsphere, { [`${V}.apiVIPs`]: ["10.0.0.5", "fd00:1::5"], [`${V}.ingressVIPs`]: ["10.0.0.6", "fd00:1::6"] }],
  [
    "a single VIP of the other family",
    dualVsphere,
    { [`${V}.apiVIPs`]: ["fd00:1::5"] },
    [`${V}.apiVIPs`, INVALID, "of the family of the first machine network, IPv4"],
  ],
  ["another load balancer type", vsphere, { [`${V}.loadBalancer.type`]: "F5" }, [`${V}.loadBalancer.type`, UNSUPPORTED, "UserManaged"]],
  ...[V, B].map((platform): Case => [
    `a load balancer without its type at ${platform}`,
    platform === V ? vsphere : baremetal,
    { [`${platform}.loadBalancer`]: {} },
    [`${platform}.loadBalancer.type`, REQUIRED, "no default"],
  ]),
  [
    "a load balancer without its type, and no VIPs",
    vsphere,
    { [`${V}.apiVIPs`]: undefined, [`${V}.ingressVIPs`]: undefined, [`${V}.loadBalancer`]: {} },
    [`${V}.loadBalancer.type`, REQUIRED, "no default"],
  ],
  ["the same for Kubernetes", kvm, { [`${K}.loadBalancer`]: {} }],
  [
    "apiVIP and ingressVIP of old",
    baremetal,
    { [`${B}.apiVIPs`]: undefined, [`${B}.ingressVIPs`]: undefined, [`${B}.apiVIP`]: "10.0.0.5", [`${B}.ingressVIP`]: "10.0.0.6" },
  ],
  ["apiVIP of old that differs", baremetal, { [`${B}.apiVIP`]: "10.0.0.7" }, [`${B}.apiVIP`, INVALID, "differs from the first of apiVIPs"]],
  [
    "a VIP that is a host's address on vsphere",
    vsphere,
    { [`${V}.hosts`]: [{ role: "bootstrap", networkDevice: { ipAddrs: ["10.0.0.5/16"] } }], "compute[0].replicas": 0 },
    [`${V}.hosts`, INVALID, "not enough hosts (0) for the control-plane replicas (3)"],
  ],

  ["VIPs of the user's on a managed network", kvm, { [`${K}.apiVIPs`]: ["192.168.126.90"], [`${K}.ingressVIPs`]: ["192.168.126.91"] }],
  ["only the API VIP on a managed network", kvm, { [`${K}.apiVIPs`]: ["192.168.126.90"] }],
  [
    "the API VIP where the ingress VIP is by default",
    kvm,
    { [`${K}.apiVIPs`]: ["192.168.126.6"] },
    [`${K}.apiVIPs`, INVALID, "one of the ingress VIPs"],
  ],
  ["a VIP that is the gateway", kvm, { [`${K}.apiVIPs`]: ["192.168.126.1"] }, [`${K}.apiVIPs`, INVALID, "the gateway"]],
  ["a VIP that is a machine's", kvm, { [`${K}.ingressVIPs`]: ["192.168.126.11"] }, [`${K}.ingressVIPs`, INVALID, "control-plane machine 1"]],
  ["a VIP in the dynamic range", kvm, { [`${K}.apiVIPs`]: ["192.168.126.100"] }, [`${K}.apiVIPs`, INVALID, "below 192.168.126.100"]],
  [
    "no VIPs on a bridge",
    kvmBridge,
    { [`${K}.apiVIPs`]: undefined, [`${K}.ingressVIPs`]: undefined },
    [`${K}.apiVIPs`, REQUIRED, "bridge"],
    [`${K}.ingressVIPs`, REQUIRED, "bridge"],
  ],
  [
    "no VIPs on a bridge with the user's load balancer",
    kvmBridge,
    { [`${K}.apiVIPs`]: undefined, [`${K}.ingressVIPs`]: undefined, [`${K}.loadBalancer.type`]: "UserManaged" },
  ],
  [
    "the user's load balancer that our DNS does not know",
    kvm,
    { [`${K}.loadBalancer.type`]: "UserManaged" },
    [`${K}.apiVIPs`, REQUIRED, "DNS"],
    [`${K}.ingressVIPs`, REQUIRED, "DNS"],
  ],

  [
    "one VIP of the second family, in the oldest version",
    () => dualStack(vsphere),
    { release: { version: "4.19" }, "platform.vsphere.apiVIPs": ["fd00:1::5"] },
    ["platform.vsphere.apiVIPs", INVALID, "of the first machine network, IPv4"],
  ],
];

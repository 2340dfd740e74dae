import { baremetal, type Case, DUPLICATE, dualStack, INVALID, kvm, kvmBridge, NEWEST, vsphere, vsphereStatic } from "./support.ts";

const V = "platform.vsphere";
const H = `${V}.hosts`;
const K = "platform.kvm";
const B = "platform.baremetal";
const OURS = { type: "UserManaged" };
const PREVIEW = { featureSet: "TechPreviewNoUpgrade" };

/** Addresses that cannot work together, on every platform. */
export const NETWORK_SENSE: readonly Case[] = [
  ["a VIP that is a gateway on vsphere", vsphereStatic, { [`${V}.apiVIPs`]: ["10.0.0.1"] }, [`${V}.apiVIPs`, INVALID, "is the gateway of a host"]],
  [
    "an ingress VIP that is the gateway of the last host",
    vsphereStatic,
    { [`${H}[5].networkDevice.gateway`]: "10.0.0.6" },
    [`${V}.ingressVIPs`, INVALID, "is the gateway of a host"],
  ],
  ["a gateway that is the user's load balancer", vsphereStatic, { [`${V}.apiVIPs`]: ["10.0.0.1"], [`${V}.loadBalancer`]: OURS }],
  [
    "a DNS server that is a VIP",
    vsphereStatic,
    { [`${H}[2].networkDevice.nameservers`]: ["10.0.0.2", "10.0.0.5"] },
    [`${H}.networkDevice.nameservers`, INVALID, "is one of the VIPs"],
  ],
  [
    "a DNS server that is the user's load balancer",
    vsphereStatic,
    { [`${H}[2].networkDevice.nameservers`]: ["10.0.0.5"], [`${V}.loadBalancer`]: OURS },
  ],
  [
    "a gateway off link on vsphere",
    vsphereStatic,
    { [`${H}[1].networkDevice`]: { ipAddrs: ["10.0.1.10/24"], gateway: "10.0.0.1", nameservers: ["10.0.0.2"] } },
    [`${H}.networkDevice.gateway`, INVALID, "in none of the host's own networks (10.0.1.10/24)"],
  ],
  ["a link-local gateway", vsphereStatic, { [`${H}[1].networkDevice`]: { ipAddrs: ["10.0.1.10/16"], gateway: "fe80::1" } }],
  [
    "a gateway that is the host itself",
    vsphereStatic,
    { [`${H}[1].networkDevice.gateway`]: "10.0.1.10" },
    [`${H}.networkDevice.gateway`, INVALID, "the host's own address"],
  ],
  [
    "a gateway that is another host",
    vsphereStatic,
    { [`${H}[1].networkDevice.gateway`]: "10.0.1.12" },
    [`${H}.networkDevice.ipAddrs`, INVALID, "10.0.1.12 is the gateway of another host"],
  ],
  [
    "a gateway that is the broadcast address",
    vsphereStatic,
    { [`${H}[1].networkDevice.gateway`]: "10.0.255.255" },
    [`${H}.networkDevice.gateway`, INVALID, "broadcast"],
  ],
  [
    "two hosts of one address among six",
    vsphereStatic,
    { [`${H}[2].networkDevice.ipAddrs`]: ["10.0.1.10/16"] },
    [`${H}.networkDevice.ipAddrs`, DUPLICATE, ""],
  ],
  [
    "a VIP that is a gateway on a bridge",
    kvmBridge,
    { [`${K}.hosts[0].networkDevice.gateway`]: "10.20.0.5" },
    [`${K}.apiVIPs`, INVALID, "is the gateway of a host"],
  ],
  [
    "a gateway off link on a bridge",
    kvmBridge,
    { [`${K}.hosts[0].networkDevice.gateway`]: "10.21.0.1" },
    [`${K}.hosts[0].networkDevice.gateway`, INVALID, "so the host cannot reach it"],
  ],
  [
    "a gateway off link on a managed network",
    kvm,
    { [`${K}.hosts`]: [{ role: "control-plane", networkDevice: { ipAddrs: ["192.168.126.40/24"], gateway: "192.168.127.1" } }] },
    [`${K}.hosts[0].networkDevice.gateway`, INVALID, "so the host cannot reach it"],
  ],
  [
    "addresses of the bootstrap machine of baremetal that are right",
    baremetal,
    {
      [`${B}.bootstrapExternalStaticIP`]: "10.0.0.9",
      [`${B}.bootstrapExternalStaticGateway`]: "10.0.0.1",
      [`${B}.bootstrapExternalStaticDNS`]: "192.0.2.53",
    },
  ],
  [
    "the first VIP of the second family",
    () => dualStack(vsphere),
    { [`${V}.apiVIPs`]: ["fd00:1::5", "10.0.0.5"], [`${V}.ingressVIPs`]: ["fd00:1::6", "10.0.0.6"] },
    [`${V}.apiVIPs`, INVALID, "the first VIP must be of the family of the first machine network, IPv4"],
    [`${V}.ingressVIPs`, INVALID, "of the first machine network, IPv4"],
  ],
  ["a gateway of the provisioning network", baremetal, { ...NEWEST, [`${B}.provisioningNetworkGateway`]: "172.22.0.1" }],
  [
    "a gateway of the provisioning network by name",
    baremetal,
    { ...NEWEST, [`${B}.provisioningNetworkGateway`]: "router" },
    [`${B}.provisioningNetworkGateway`, INVALID, "IP address"],
  ],
  ["DNS records of the user's on baremetal", baremetal, { ...PREVIEW, [`${B}.dnsRecordsType`]: "External", [`${B}.loadBalancer`]: OURS }],
  [
    "DNS records of the user's on baremetal without load balancer",
    baremetal,
    { ...PREVIEW, [`${B}.dnsRecordsType`]: "External" },
    [`${B}.dnsRecordsType`, INVALID, "UserManaged"],
  ],
];

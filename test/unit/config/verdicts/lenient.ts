import { type Case, baremetal, external, kvmBridge, none, PREVIEW, type Tree, vsphere, vsphereStatic } from "./support.ts";

/**
 * What OpenShift's installer accepts although this program would not: a valid base, what is changed in it, and the warning that must come of it, by path and
 * a part of its message. Where there is a second base, the change is an error in it: it is for distribution kubernetes.
 */
export type Lenient = readonly [title: string, base: () => Tree, change: Case[2], path: string, fragment: string, upstream?: () => Tree];

const V = "platform.vsphere";
const B = "platform.baremetal";
const FD = `${V}.failureDomains`;
const CP = "controlPlane";
const SETUP = "controlPlane.diskSetup";
const disks = (...names: readonly string[]) => ({ "controlPlane.platform.vsphere.dataDisks": names.map((name) => ({ name, sizeGiB: 10 })) });
const host = (number: number, role: string, networkDevice: object) => ({
  role,
  networkDevice: { ipAddrs: [`10.0.1.${number}/16`], gateway: "10.0.0.1", ...networkDevice },
});
/** Static addresses for all machines; the device of the first control-plane machine is changed. */
const hosts = (device: object) => ({
  [`${V}.hosts`]: [
    host(9, "bootstrap", {}),
    host(10, "control-plane", device),
    ...[11, 12].map((number) => host(number, "control-plane", {})),
    ...[20, 21].map((number) => host(number, "compute", {})),
  ],
});
const bootstrap = (ip: string, dns = "10.0.0.2") => ({
  [`${B}.bootstrapExternalStaticIP`]: ip,
  [`${B}.bootstrapExternalStaticGateway`]: "10.0.0.1",
  [`${B}.bootstrapExternalStaticDNS`]: dns,
});
const DEVICE = `${V}.hosts.networkDevice`;

export const LENIENT: readonly Lenient[] = [
  ["a number as baseDomain", none, { baseDomain: 42 }, "baseDomain", "put it in quotes", kvmBridge],
  ["true as a name", none, { "metadata.name": true }, "metadata.name", "put it in quotes", kvmBridge],
  ["a password as number", vsphere, { [`${V}.vcenters[0].password`]: 1234 }, `${V}.vcenters[0].password`, "put it in quotes", vsphereStatic],
  ["a registry without credentials", none, { pullSecret: '{"auths":{"quay.io":{"auth":""}}}' }, "pullSecret", "without text"],
  ["a proxy without host", none, { "proxy.httpProxy": "http://u:pw@:3128" }, "proxy.httpProxy", "the host or the port", kvmBridge],
  ["a proxy with too high a port", none, { "proxy.httpProxy": "http://p.example.com:65536" }, "proxy.httpProxy", "the host or the port", kvmBridge],
  ["a proxy of nothing but its scheme", none, { "proxy.httpsProxy": "https://" }, "proxy.httpsProxy", "a host must follow", kvmBridge],
  ["none beside hardware", baremetal, { "platform.none": {} }, "platform", "nothing is read of none"],
  ["external beside hardware", baremetal, { "platform.external": {} }, "platform", "nothing is read of external"],
  ["external beside none", none, { "platform.external": {} }, "platform", "nothing is read of external"],
  [
    "machineCIDR beside machineNetwork",
    none,
    { "networking.machineCIDR": "10.1.0.0/16", "networking.machineNetwork": [{ cidr: "10.2.0.0/16" }] },
    "networking.machineCIDR",
    "differs from machineNetwork",
  ],
  [
    "hostSubnetLength beside hostPrefix",
    none,
    { "networking.clusterNetwork": [{ cidr: "10.128.0.0/14", hostSubnetLength: 9, hostPrefix: 24 }] },
    "networking.clusterNetwork[0].hostSubnetLength",
    "means hostPrefix 23",
  ],
  ["DNS records of somebody's", vsphere, { [`${V}.dnsRecordsType`]: "Mine" }, `${V}.dnsRecordsType`, '"Internal", "External"'],
  ["DNS records of hardware of somebody's", baremetal, { [`${B}.dnsRecordsType`]: "Mine" }, `${B}.dnsRecordsType`, '"Internal", "External"'],
  [
    "the same vcenter twice",
    vsphere,
    { [`${V}.vcenters[1]`]: { server: "vc.example.com", user: "u", password: "p", datacenters: ["dc"] } },
    `${V}.vcenters[1].server`,
    "more than once",
    vsphereStatic,
  ],
  [
    "a default data disk without size",
    vsphere,
    { [`${V}.defaultMachinePlatform`]: { dataDisks: [{ name: "a" }] } },
    `${V}.defaultMachinePlatform.dataDisks[0].sizeGiB`,
    "the size",
    vsphereStatic,
  ],
  [
    "a network elsewhere",
    vsphere,
    { [`${FD}[0].topology.networks`]: ["/other/network/ocp"] },
    `${FD}.topology.networks`,
    "in datacenter dc",
    vsphereStatic,
  ],
  [
    "a network that is a datastore",
    vsphere,
    { [`${FD}[0].topology.networks`]: ["/dc/datastore/d"] },
    `${FD}.topology.networks`,
    "/<datacenter>/network/<port group>",
    vsphereStatic,
  ],
  [
    "a template that is a host",
    vsphere,
    { [`${FD}[0].topology.template`]: "/dc/host/rhcos" },
    `${FD}.topology.template`,
    "/<datacenter>/vm/",
    vsphereStatic,
  ],
  ["six control-plane machines", none, { "controlPlane.replicas": 6 }, `${CP}.replicas`, "1, 3, 4 or 5", kvmBridge],
  ["a control plane of another name", vsphere, { "controlPlane.name": "control" }, `${CP}.name`, '"master"', kvmBridge],
  ["an arbiter of another name", baremetal, { "controlPlane.replicas": 2, arbiter: { name: "x", replicas: 1 } }, "arbiter.name", '"arbiter"'],
  ["bootstrap in place of three", none, { bootstrapInPlace: { installationDisk: "/dev/sda" } }, `${CP}.replicas`, "must be 1"],
  ["bootstrap in place on no disk", none, { bootstrapInPlace: {} }, "bootstrapInPlace.installationDisk", "disk"],
  ["another cpuPartitioningMode", none, { cpuPartitioningMode: "Some" }, "cpuPartitioningMode", '"AllNodes"', kvmBridge],
  [
    "another cloud controller manager",
    external,
    { "platform.external.cloudControllerManager": "Maybe" },
    "platform.external.cloudControllerManager",
    "External",
  ],
  [
    "a part for nodes that is one address",
    none,
    { "networking.clusterNetwork": [{ cidr: "10.128.0.0/14", hostPrefix: 32 }] },
    "networking.clusterNetwork[0].hostPrefix",
    "at most 30",
  ],
  [
    "a disk that the pool does not have",
    vsphere,
    { ...PREVIEW, ...disks("a"), [SETUP]: [{ type: "etcd", etcd: { platformDiskID: "fast" } }] },
    `${SETUP}[0].etcd.platformDiskID`,
    "which has a",
  ],
  [
    "a disk that is mounted nowhere",
    vsphere,
    { ...PREVIEW, ...disks("a"), [SETUP]: [{ type: "user-defined", userDefined: { platformDiskID: "a" } }] },
    `${SETUP}[0].userDefined.mountPath`,
    "absolute path",
  ],
  ["two data disks of one name", vsphere, disks("a", "a"), `${CP}.platform.vsphere.dataDisks[1].name`, "more than once", vsphereStatic],

  ["a VIP outside of the machine network", vsphere, { [`${V}.apiVIPs`]: ["192.168.0.5"] }, `${V}.apiVIPs`, "machine networks", vsphereStatic],
  ["the network's address as VIP", vsphere, { [`${V}.apiVIPs`]: ["10.0.0.0"] }, `${V}.apiVIPs`, "broadcast", vsphereStatic],
  ["the broadcast address as VIP", vsphere, { [`${V}.ingressVIPs`]: ["10.0.255.255"] }, `${V}.ingressVIPs`, "broadcast", vsphereStatic],
  [
    "four vcenters",
    vsphere,
    { [`${V}.vcenters`]: ["vc", "b", "c", "d"].map((name) => ({ server: `${name}.example.com`, user: "u", password: "p", datacenters: ["dc"] })) },
    `${V}.vcenters`,
    "at most 3",
    vsphereStatic,
  ],
  ["a failure domain with a slash", vsphere, { [`${FD}[0].name`]: "a/b" }, `${FD}.name`, "must not contain /", vsphereStatic],
  ["a failure domain with a long name", vsphere, { [`${FD}[0].name`]: "f".repeat(47) }, `${FD}.name`, "at most 46", vsphereStatic],
  [
    "a template elsewhere",
    vsphere,
    { [`${FD}[0].topology.template`]: "/other/vm/rhcos" },
    `${FD}.topology.template`,
    "in datacenter dc",
    vsphereStatic,
  ],
  [
    "a default size that cannot be",
    vsphere,
    { [`${V}.defaultMachinePlatform`]: { cpus: 6, coresPerSocket: 4 } },
    `${V}.defaultMachinePlatform.cpus`,
    "a multiple of coresPerSocket",
    vsphereStatic,
  ],
  [
    "a default size below nothing",
    vsphere,
    { [`${V}.defaultMachinePlatform`]: { memoryMB: -1 } },
    `${V}.defaultMachinePlatform.memoryMB`,
    "negative",
    vsphereStatic,
  ],
  ["an OVA at no address", vsphere, { [`${V}.clusterOSImage`]: "rhcos.ova" }, `${V}.clusterOSImage`, "absolute path", vsphereStatic],
  ["an OVA by ftp", vsphere, { [`${V}.clusterOSImage`]: "ftp://x/y.ova" }, `${V}.clusterOSImage`, "http(s) URL", vsphereStatic],
  [
    "an OVA with a short checksum",
    vsphere,
    { [`${V}.clusterOSImage`]: "https://a.example.com/b.ova?sha256=ab" },
    `${V}.clusterOSImage`,
    "64 hexadecimal",
    vsphereStatic,
  ],
  ["a port group without name", vsphere, { [`${FD}[0].topology.networks`]: [""] }, `${FD}.topology.networks`, "not be empty", vsphereStatic],
  ["a port that is too high", vsphere, { [`${V}.vcenters[0].port`]: 65_536 }, `${V}.vcenters[0].port`, "between 1 and 65535", vsphereStatic],
  ["a negative port", vsphere, { [`${V}.vcenters[0].port`]: -1 }, `${V}.vcenters[0].port`, "between 1 and 65535", vsphereStatic],
  [
    "a datacenter without name",
    vsphere,
    { [`${V}.vcenters[0].datacenters`]: ["", "dc"] },
    `${V}.vcenters[0].datacenters[0]`,
    "not be empty",
    vsphereStatic,
  ],
  ["the network's address as VIP of hardware", baremetal, { [`${B}.apiVIPs`]: ["10.0.0.0"] }, `${B}.apiVIPs`, "broadcast"],
  [
    "certificates of the management controllers that are none",
    baremetal,
    { [`${B}.bmcVerifyCA`]: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n" },
    `${B}.bmcVerifyCA`,
    "block 1 is not an X.509 certificate",
  ],
  [
    "a MAC address again, in capitals",
    baremetal,
    { [`${B}.hosts[0].bootMACAddress`]: "52:54:00:00:00:AA", [`${B}.hosts[1].bootMACAddress`]: "52:54:00:00:00:aa" },
    `${B}.hosts[1].bootMACAddress`,
    "more than once",
  ],
  [
    "a MAC address that no network uses",
    baremetal,
    { [`${B}.provisioningNetwork`]: "Disabled", [`${B}.externalMACAddress`]: "x" },
    `${B}.externalMACAddress`,
    "hexadecimal",
  ],
  ["the bootstrap machine of hardware at a VIP", baremetal, bootstrap("10.0.0.5"), `${B}.bootstrapExternalStaticIP`, "one of the VIPs"],
  ["the bootstrap machine of hardware elsewhere", baremetal, bootstrap("10.9.0.5"), `${B}.bootstrapExternalStaticIP`, "machine networks"],
  ["the bootstrap machine of hardware at no address", baremetal, bootstrap("x"), `${B}.bootstrapExternalStaticIP`, "must be an IP address"],
  ["the bootstrap machine of hardware at its gateway", baremetal, bootstrap("10.0.0.1"), `${B}.bootstrapExternalStaticGateway`, "own address"],
  [
    "a VIP as DNS server of the bootstrap machine of hardware",
    baremetal,
    bootstrap("10.0.0.9", "10.0.0.6"),
    `${B}.bootstrapExternalStaticDNS`,
    "one of the VIPs",
  ],
  [
    "a static address of the bootstrap machine of hardware alone",
    baremetal,
    { [`${B}.bootstrapExternalStaticIP`]: "10.0.0.9" },
    `${B}.bootstrapExternalStaticGateway`,
    "together",
  ],
  [
    "a DNS server of the bootstrap machine of hardware alone",
    baremetal,
    { [`${B}.bootstrapExternalStaticDNS`]: "10.0.0.1" },
    `${B}.bootstrapExternalStaticIP`,
    "together",
  ],
  [
    "hosts without management controllers, of which no machine is made",
    baremetal,
    { capabilities: { baselineCapabilitySet: "None", additionalEnabledCapabilities: ["baremetal", "Ingress"] }, [`${B}.hosts[0].bmc`]: undefined },
    `${B}.hosts[0].bmc.address`,
    "management controller",
  ],
  [
    "a controller that cannot do without a network, of a host that no machine is made of",
    baremetal,
    {
      capabilities: { baselineCapabilitySet: "None", additionalEnabledCapabilities: ["baremetal", "Ingress"] },
      [`${B}.provisioningNetwork`]: "Disabled",
      [`${B}.hosts`]: [{ name: "a", bmc: { address: "ipmi://192.0.2.9", username: "admin", password: "s3cret" } }],
    },
    `${B}.hosts[0].bmc.address`,
    "needs a provisioning network",
  ],
  ["a gateway that is elsewhere", vsphere, hosts({ gateway: "10.9.0.1" }), `${DEVICE}.gateway`, "none of the host's own networks", vsphereStatic],
  ["a gateway of the other family", vsphere, hosts({ gateway: "fd00::1" }), `${DEVICE}.gateway`, "none of the host's own networks", vsphereStatic],
  ["a host at the network's address", vsphere, hosts({ ipAddrs: ["10.0.0.0/16"] }), `${DEVICE}.ipAddrs`, "broadcast", vsphereStatic],
  ["a host at a VIP", vsphere, hosts({ ipAddrs: ["10.0.0.5/16"] }), `${DEVICE}.ipAddrs`, "one of the VIPs", vsphereStatic],
  ["two hosts at one address", vsphere, hosts({ ipAddrs: ["10.0.1.11/16"] }), `${DEVICE}.ipAddrs`, "more than once", vsphereStatic],
  ["DNS at a VIP", vsphere, hosts({ nameservers: ["10.0.0.5"] }), `${DEVICE}.nameservers`, "no DNS is served", vsphereStatic],
  ["a VIP that is a gateway", vsphere, { ...hosts({}), [`${V}.apiVIPs`]: ["10.0.0.1"] }, `${V}.apiVIPs`, "the gateway of a host", vsphereStatic],
];

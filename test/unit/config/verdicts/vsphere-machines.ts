import { type Case, DUPLICATE, FORBIDDEN, INVALID, REQUIRED, TOO_MANY, UNSUPPORTED, vsphere, vsphereStatic, vsphereZones } from "./support.ts";

const V = "platform.vsphere";
const M = "controlPlane.platform.vsphere";
const W = "compute[0].platform.vsphere";
const D = `${V}.defaultMachinePlatform`;
const H = `${V}.hosts`;
const pool = (value: object) => ({ [M]: value });
const disk = (value: object) => ({
  ...pool({ dataDisks: [{ name: "data", sizeGiB: 10, ...value }] }),
  distribution: "kubernetes",
  pullSecret: undefined,
});
const disks = (count: number) => ({
  [W]: { dataDisks: Array.from({ length: count }, (_, index) => ({ name: `d${index}`, sizeGiB: 1 })) },
  distribution: "kubernetes",
  pullSecret: undefined,
});
const DISK = `${M}.dataDisks[0]`;
const KUBERNETES = { distribution: "kubernetes", pullSecret: undefined };
const host = (index: number, key: string, value: unknown) => ({ [`${H}[${index}].${key}`]: value });
const device = (key: string, value: unknown, index = 0) => host(index, `networkDevice.${key}`, value);

/**
 * Verdicts and paths of OpenShift's installer. Where it names a key that the file does not have (`diskSizeGB`, `disks[0]`, `username`,
 * `hosts.ipAddrs`), the path is the key's own.
 */
export const MACHINES: readonly Case[] = [
  ["a pool that says nothing", vsphere, pool({})],
  ["a pool of zeros", vsphere, pool({ cpus: 0, coresPerSocket: 0, memoryMB: 0, osDisk: { diskSizeGB: 0 } })],
  ["a negative number of cpus", vsphere, pool({ cpus: -1 }), [`${M}.cpus`, INVALID, "negative"]],
  ["a negative number of cores", vsphere, pool({ coresPerSocket: -1 }), [`${M}.coresPerSocket`, INVALID, "negative"]],
  ["negative memory", vsphere, { [`${W}.memoryMB`]: -1 }, [`${W}.memoryMB`, INVALID, "negative"]],
  ["a negative disk", vsphere, pool({ osDisk: { diskSizeGB: -1 } }), [`${M}.osDisk.diskSizeGB`, INVALID, "negative"]],
  [
    "everything negative",
    vsphere,
    pool({ cpus: -1, coresPerSocket: -2, memoryMB: -3, osDisk: { diskSizeGB: -4 } }),
    [`${M}.cpus`, INVALID, ""],
    [`${M}.coresPerSocket`, INVALID, ""],
    [`${M}.memoryMB`, INVALID, ""],
    [`${M}.osDisk.diskSizeGB`, INVALID, ""],
  ],
  ["two cpus with four cores by default", vsphere, pool({ cpus: 2 }), [`${M}.coresPerSocket`, INVALID, "at most the number of cpus, 2"]],
  ["two cpus of two cores", vsphere, pool({ cpus: 2, coresPerSocket: 2 })],
  ["two cpus under kubernetes", vsphere, { ...pool({ cpus: 2 }), ...KUBERNETES }],
  ["three cpus under kubernetes", vsphere, { ...pool({ cpus: 3 }), ...KUBERNETES }],
  ["more cores than cpus", vsphere, pool({ cpus: 4, coresPerSocket: 8 }), [`${M}.coresPerSocket`, INVALID, "at most"]],
  ["more cores than cpus by default", vsphere, pool({ coresPerSocket: 8 }), [`${M}.coresPerSocket`, INVALID, "at most the number of cpus, 4"]],
  ["cpus that are no multiple of the cores", vsphere, pool({ cpus: 8, coresPerSocket: 3 }), [`${M}.cpus`, INVALID, "multiple of coresPerSocket, 3"]],
  ["cpus that are no multiple of four", vsphere, pool({ cpus: 7 }), [`${M}.cpus`, INVALID, "multiple of coresPerSocket, 4"]],
  ["cpus that are a multiple of the cores", vsphere, pool({ cpus: 12, coresPerSocket: 6 })],
  [
    "a pool whose cores come from the default platform",
    vsphere,
    { [D]: { coresPerSocket: 8, cpus: 8 }, ...pool({ cpus: 4 }) },
    [`${M}.coresPerSocket`, INVALID, "at most the number of cpus, 4"],
  ],
  ["a pool whose cpus come from the default platform", vsphere, { [D]: { cpus: 8 }, ...pool({ coresPerSocket: 8 }) }],
  ["a default platform that cannot be", vsphere, { [D]: { cpus: 2, memoryMB: -1, zones: ["nowhere"] } }, [`${D}.zones`, INVALID, "not defined"]],
  ["a fraction of a cpu", vsphere, pool({ cpus: 1.5 }), [`${M}.cpus`, INVALID, "whole number"]],
  ["a size of kvm's", vsphere, { "controlPlane.platform.kvm": { cpus: 4 } }, ["controlPlane.platform.kvm", INVALID, "uses vsphere"]],

  ["all zones by name", vsphereZones, pool({ zones: ["fd-1", "fd-2", "fd-3"] })],
  ["zones in another order", vsphereZones, { [`${W}.zones`]: ["fd-3", "fd-1"] }],
  ["an empty list of zones", vsphereZones, pool({ zones: [] })],
  ["an unknown zone", vsphereZones, pool({ zones: ["fd-1", "fd-9"] }), [`${M}.zones`, INVALID, "which has fd-1, fd-2, fd-3"]],
  ["an unknown zone of compute machines", vsphereZones, { [`${W}.zones`]: ["fd-9"] }, [`${W}.zones`, INVALID, "not defined in failureDomains"]],
  ["a zone twice", vsphereZones, pool({ zones: ["fd-1", "fd-2", "fd-1"] }), [`${M}.zones[2]`, DUPLICATE, ""]],
  ["a zone by the value of its tag", vsphereZones, pool({ zones: ["zone-c1"] }), [`${M}.zones`, INVALID, "not defined"]],
  [
    "a zone in capitals",
    vsphereZones,
    { [`${V}.failureDomains[0].name`]: "FD1", ...pool({ zones: ["FD1"] }) },
    [`${M}.zones`, INVALID, "lower-case"],
  ],
  [
    "a zone that begins with a digit",
    vsphereZones,
    { [`${V}.failureDomains[0].name`]: "1fd", ...pool({ zones: ["1fd"] }) },
    [`${M}.zones`, INVALID, "begin with a letter"],
  ],
  ["an empty zone", vsphereZones, pool({ zones: [""] }), [`${M}.zones`, INVALID, "letters"], [`${M}.zones`, INVALID, "not defined"]],
  ["zones as text", vsphereZones, pool({ zones: "fd-1" }), [`${M}.zones`, INVALID, "must be a list"]],

  ["a data disk", vsphere, disk({})],
  ["a data disk on openshift", vsphere, { ...disk({}), distribution: undefined, pullSecret: vsphere()["pullSecret"] }],
  [
    "a data disk on openshift with its gate",
    vsphere,
    { ...disk({}), distribution: undefined, pullSecret: vsphere()["pullSecret"], featureSet: "DevPreviewNoUpgrade" },
  ],
  [
    "a data disk of compute machines on openshift without the gate",
    vsphere,
    { [`${W}.dataDisks`]: [{ name: "a", sizeGiB: 1 }], featureSet: "CustomNoUpgrade", featureGates: ["Other=true"] },
    ["compute.platform.vsphere.dataDisks", FORBIDDEN, "VSphereMultiDisk"],
  ],
  ["a data disk eagerly zeroed", vsphere, disk({ provisioningMode: "EagerlyZeroed" })],
  ["another provisioning mode", vsphere, disk({ provisioningMode: "thin" }), [`${DISK}.provisioningMode`, UNSUPPORTED, '"Thin"']],
  ["a data disk without name", vsphere, disk({ name: undefined }), [`${DISK}.name`, REQUIRED, ""]],
  ["a data disk with a space", vsphere, disk({ name: "my disk" }), [`${DISK}.name`, INVALID, "letters"]],
  ["a data disk that ends with a hyphen", vsphere, disk({ name: "disk-" }), [`${DISK}.name`, INVALID, "both ends"]],
  ["a data disk of one letter", vsphere, disk({ name: "d" })],
  ["a data disk with the longest name", vsphere, disk({ name: "d".repeat(80) })],
  ["a data disk with too long a name", vsphere, disk({ name: "d".repeat(81) }), [`${DISK}.name`, INVALID, "80"]],
  ["a data disk without size", vsphere, disk({ sizeGiB: undefined }), [`${DISK}.sizeGiB`, REQUIRED, ""]],
  ["a data disk of nothing", vsphere, disk({ sizeGiB: 0 }), [`${DISK}.sizeGiB`, REQUIRED, ""]],
  ["the largest data disk", vsphere, disk({ sizeGiB: 16_384 })],
  ["too large a data disk", vsphere, disk({ sizeGiB: 16_385 }), [`${DISK}.sizeGiB`, INVALID, "16384"]],
  ["29 data disks", vsphere, disks(29)],
  ["30 data disks", vsphere, disks(30), [`${W}.dataDisks`, INVALID, "29"]],
  [
    "two data disks of one name",
    vsphere,
    {
      ...pool({
        dataDisks: [
          { name: "a", sizeGiB: 1 },
          { name: "a", sizeGiB: 2 },
        ],
      }),
      ...KUBERNETES,
    },
    [`${M}.dataDisks[1].name`, DUPLICATE, ""],
  ],

  ["no static hosts", vsphereStatic, { [H]: undefined }],
  ["an empty list of hosts", vsphereStatic, { [H]: [] }, [H, INVALID, "exactly one host"], [H, INVALID, "control-plane"], [H, INVALID, "compute"]],
  [
    "no bootstrap host",
    vsphereStatic,
    host(0, "role", "compute"),
    [H, INVALID, "role bootstrap, not 0"],
    [H, INVALID, "too many hosts (3) for the compute replicas (2)"],
  ],
  [
    "two bootstrap machines with static addresses",
    vsphereStatic,
    host(1, "role", "bootstrap"),
    [H, INVALID, "not 2"],
    [H, INVALID, "not enough hosts (2) for the control-plane replicas (3)"],
  ],
  [
    "too few control-plane hosts",
    vsphereStatic,
    { "controlPlane.replicas": 5 },
    [H, INVALID, "not enough hosts (3) for the control-plane replicas (5)"],
  ],
  [
    "too many control-plane hosts",
    vsphereStatic,
    { "controlPlane.replicas": 1 },
    [H, INVALID, "too many hosts (3) for the control-plane replicas (1)"],
  ],
  ["too few compute hosts", vsphereStatic, { "compute[0].replicas": 3 }, [H, INVALID, "not enough hosts (2) for the compute replicas (3)"]],
  ["too many compute hosts", vsphereStatic, { "compute[0].replicas": 0 }, [H, INVALID, "too many hosts (2)"]],
  ["a host of vsphere without role", vsphereStatic, host(0, "role", undefined), [`${H}.role`, REQUIRED, ""], [H, INVALID, "role bootstrap"]],
  [
    "a host of OpenShift's other word",
    vsphereStatic,
    host(1, "role", "master"),
    [`${H}.role`, UNSUPPORTED, '"control-plane"'],
    [H, INVALID, "not enough"],
  ],
  ["a host in a failure domain", vsphereStatic, host(1, "failureDomain", "fd")],
  ["a host in an unknown failure domain", vsphereStatic, host(1, "failureDomain", "elsewhere"), [`${H}.failureDomain`, INVALID, "not defined"]],
  ["a host without network device", vsphereStatic, host(2, "networkDevice", undefined), [`${H}.networkDevice`, REQUIRED, ""]],
  ["a host with a MAC address", vsphereStatic, host(2, "macAddress", "00:50:56:00:00:01"), [`${H}.macAddress`, FORBIDDEN, "unknown key"]],
  ["a host without address", vsphereStatic, device("ipAddrs", []), [`${H}.networkDevice.ipAddrs`, REQUIRED, ""]],
  [
    "a host's address without prefix length",
    vsphereStatic,
    device("ipAddrs", ["10.0.1.9"]),
    [`${H}.networkDevice.ipAddrs`, INVALID, "prefix length"],
  ],
  ["a host's name for an address", vsphereStatic, device("ipAddrs", ["host/24"]), [`${H}.networkDevice.ipAddrs`, INVALID, "IP address"]],
  ["a host outside the machine networks", vsphereStatic, { ...device("ipAddrs", ["192.168.101.240/24"]), ...device("gateway", "192.168.101.1") }],
  ["a host with addresses of both families", vsphereStatic, device("ipAddrs", ["10.0.1.9/16", "fd00::9/64"])],
  ["two hosts of one address", vsphereStatic, device("ipAddrs", ["10.0.1.10/16"]), [`${H}.networkDevice.ipAddrs`, DUPLICATE, ""]],
  [
    "a host at the API VIP",
    vsphereStatic,
    device("ipAddrs", ["10.0.0.5/16"], 1),
    [`${H}.networkDevice.ipAddrs`, INVALID, "10.0.0.5 is one of the VIPs"],
  ],
  ["a host at the ingress VIP", vsphereStatic, device("ipAddrs", ["10.0.0.6/16"], 5), [`${H}.networkDevice.ipAddrs`, INVALID, "one of the VIPs"]],
  ["a host at the broadcast address", vsphereStatic, device("ipAddrs", ["10.0.255.255/16"]), [`${H}.networkDevice.ipAddrs`, INVALID, "broadcast"]],
  ["a host without gateway and nameservers", vsphereStatic, { ...device("gateway", undefined), ...device("nameservers", undefined) }],
  ["a host's gateway by name", vsphereStatic, device("gateway", "router"), [`${H}.networkDevice.gateway`, INVALID, "IP address"]],
  ["three nameservers of a host", vsphereStatic, device("nameservers", ["1.1.1.1", "1.1.1.2", "1.1.1.3"])],
  [
    "four nameservers of a host",
    vsphereStatic,
    device("nameservers", ["1.1.1.1", "1.1.1.2", "1.1.1.3", "1.1.1.4"]),
    [`${H}.networkDevice.nameservers`, TOO_MANY, "3"],
  ],
  ["a nameserver by name", vsphereStatic, device("nameservers", ["dns.example.com"]), [`${H}.networkDevice.nameservers`, INVALID, "IP address"]],

  [
    "a zone of no failure domain that a pool takes",
    vsphere,
    { "platform.vsphere.defaultMachinePlatform.zones": ["elsewhere"], "compute[0].platform.vsphere.cpus": 8 },
    ["platform.vsphere.defaultMachinePlatform.zones", INVALID, "not defined in failureDomains"],
  ],
  [
    "another architecture than the image's",
    vsphere,
    { "controlPlane.architecture": "arm64", "compute[0].architecture": "arm64" },
    ["controlPlane.architecture", INVALID, "your own as clusterOSImage"],
    ["compute[0].architecture", INVALID, "your own as clusterOSImage"],
  ],
  [
    "another architecture with an image of it",
    vsphere,
    {
      "controlPlane.architecture": "arm64",
      "compute[0].architecture": "arm64",
      "platform.vsphere.clusterOSImage": "https://mirror.example.com/rhcos-aarch64.ova",
    },
  ],
];

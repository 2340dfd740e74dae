import { baremetal, bmcHost, CA, type Case, DUPLICATE, type Expected, FORBIDDEN, INVALID, NEWEST, REQUIRED, UNSUPPORTED } from "./support.ts";

const B = "platform.baremetal";
const H = `${B}.hosts`;
const DISABLED = { [`${B}.provisioningNetwork`]: "Disabled" };
const bmc = (index: number, address: string) => ({ [`${H}[${String(index)}].bmc.address`]: address });
const SHA = "ab".repeat(32);

/** The machines are made of hosts unless the cluster lacks the capability. */
const HOSTS: readonly Case[] = [
  ["no list of hosts", baremetal, { [H]: undefined }, [H, INVALID, "hosts are missing"]],
  ["an empty list of hosts on baremetal", baremetal, { [H]: [] }, [H, REQUIRED, "not enough hosts (0) for the control-plane replicas (3)"]],
  [
    "no hosts, and nobody who makes machines of them",
    baremetal,
    { [H]: undefined, capabilities: { baselineCapabilitySet: "None", additionalEnabledCapabilities: ["baremetal", "Ingress"] } },
  ],
  ["more hosts than machines", baremetal, { "compute[0].replicas": 1 }],
  ["spare hosts for the control plane and for compute machines", baremetal, { [`${H}[0].role`]: undefined, "compute[0].replicas": 3 }],
  ["too few hosts for compute machines", baremetal, { "compute[0].replicas": 5 }, [H, REQUIRED, "not enough hosts (4) for the compute replicas (5)"]],
  [
    "too few hosts for arbiters",
    baremetal,
    { [`${H}[5].role`]: "worker", [`${H}[6].role`]: "worker", arbiter: { name: "arbiter", replicas: 1 } },
    [H, REQUIRED, "not enough hosts (0) for the arbiter replicas (1)"],
  ],
  ["an arbiter's host", baremetal, { [`${H}[5].role`]: "arbiter", arbiter: { name: "arbiter", replicas: 1 } }],
  ["a role that is none counts as no role", baremetal, { [`${H}[0].role`]: "control-plane" }],
  ["a host without a name", baremetal, { [`${H}[0].name`]: undefined }, [`${H}[0].name`, REQUIRED, "its own"]],
  ["a name in capitals", baremetal, { [`${H}[0].name`]: "Host" }, [`${H}[0].name`, INVALID, "DNS-1123"]],
  ["a name twice", baremetal, { [`${H}[3].name`]: "control-11" }, [`${H}[3].name`, DUPLICATE, ""]],
  ["a host without MAC address", baremetal, { [`${H}[0].bootMACAddress`]: "" }, [`${H}[0].bootMACAddress`, REQUIRED, ""]],
  [
    "a MAC address twice",
    baremetal,
    { [`${H}[0].bootMACAddress`]: "52:54:00:00:00:AA", [`${H}[1].bootMACAddress`]: "52:54:00:00:00:AA" },
    [`${H}[1].bootMACAddress`, DUPLICATE, ""],
  ],
  ["a boot mode that is none", baremetal, { [`${H}[0].bootMode`]: "BIOS" }, [`${H}[0].bootMode`, UNSUPPORTED, "UEFISecureBoot"]],
  ["secure boot", baremetal, { [`${H}[0].bootMode`]: "UEFISecureBoot" }],
  [
    "secure boot by IPMI",
    baremetal,
    { [`${H}[0].bootMode`]: "UEFISecureBoot", ...bmc(0, "ipmi://10.0.0.9") },
    [`${H}[0].bootMode`, INVALID, "driver ipmi"],
  ],
  ...["/dev/sda", "/dev/disk/by-path/pci-0000:01"].map((name): Case => [
    `a disk ${name}`,
    baremetal,
    { [`${H}[0].rootDeviceHints.deviceName`]: name },
  ]),
  ...["sda", "/dev/disk/by-id/wwn-1", "/sys/sda"].map((name): Case => [
    `a disk ${name}`,
    baremetal,
    { [`${H}[0].rootDeviceHints.deviceName`]: name },
    [`${H}[0].rootDeviceHints.deviceName`, INVALID, "/dev"],
  ]),
  ["an MTU of a host", baremetal, { [`${H}[0].networkConfig`]: { interfaces: [{ name: "a", mtu: 9000 }] } }],
  [
    "an MTU that is a text",
    baremetal,
    { [`${H}[0].networkConfig`]: { interfaces: [{ name: "a" }, { name: "b", mtu: "9000" }] } },
    [`${H}[0].networkConfig.interfaces[1].mtu`, INVALID, "without quotes"],
  ],
  [
    "an MTU that is empty",
    baremetal,
    { [`${H}[0].networkConfig`]: { interfaces: [{ name: "a", mtu: null }] } },
    [`${H}[0].networkConfig.interfaces[0].mtu`, INVALID, "an integer"],
  ],
  [
    "an MTU that is a text in 4.19",
    baremetal,
    { release: { version: "4.19" }, [`${H}[0].networkConfig`]: { interfaces: [{ name: "b", mtu: "9000" }] } },
  ],
];

const CONTROLLERS: readonly Case[] = [
  [
    "a controller without credentials",
    baremetal,
    { [`${H}[0].bmc`]: { address: "redfish-virtualmedia://192.0.2.99/1" } },
    [`${H}[0].bmc.username`, REQUIRED, ""],
    [`${H}[0].bmc.password`, REQUIRED, ""],
  ],
  [
    "a host without controller",
    baremetal,
    { [`${H}[0].bmc`]: undefined },
    ...["address", "username", "password"].map((name): Expected => [`${H}[0].bmc.${name}`, REQUIRED, ""]),
  ],
  ["an address twice", baremetal, bmc(1, "redfish-virtualmedia://192.0.2.11/redfish/v1/Systems/1"), [`${H}[1].bmc.address`, DUPLICATE, ""]],
  ...(
    [
      ["telnet://192.0.2.9", "unknown scheme telnet"],
      ["redfish-uefihttp://192.0.2.9/1", "unknown scheme redfish-uefihttp"],
      ["ipmi+https://192.0.2.9", "unknown scheme"],
      ["redfish://-bad-/1", "neither a name nor an IP"],
      ["redfish-virtualmedia://192.0.2.9:port/1", "is not a URL"],
      ["redfish-virtualmedia://192.0.2.9/%zz", "is not a URL"],
      ["redfish-virtualmedia:192.0.2.9\n", "is not a URL"],
    ] as const
  ).map(([address, problem]): Case => [
    `the address ${address} without provisioning network`,
    baremetal,
    { ...DISABLED, ...bmc(0, address) },
    [`${H}[0].bmc.address`, INVALID, problem],
  ]),
  ...["192.0.2.9", "192.0.2.9:623", "ipmi:192.0.2.9", "idrac+http://192.0.2.9", "redfish+https://[fd00::1]:443/1", "irmc://bmc.example.com"].map(
    (address): Case => [`the address ${address}`, baremetal, bmc(0, address)],
  ),
  ...["idrac-virtualmedia+https://192.0.2.9/1", "ilo5-virtualmedia://192.0.2.9/1", "ilo4-virtualmedia://192.0.2.9/1"].map((address): Case => [
    `the address ${address} without provisioning network`,
    baremetal,
    { ...DISABLED, ...bmc(0, address) },
  ]),
  ...["ipmi://192.0.2.9", "192.0.2.9", "redfish://192.0.2.9/1", "ilo5://192.0.2.9", "ibmc://192.0.2.9/1"].map((address): Case => [
    `the address ${address} without provisioning network`,
    baremetal,
    { ...DISABLED, ...bmc(0, address) },
    [`${H}[0].bmc.address`, INVALID, "needs a provisioning network"],
  ]),
];

const key = (name: string, value: unknown, change: Readonly<Record<string, unknown>> = {}) => ({ ...change, [`${B}.${name}`]: value });

const NETWORK: readonly Case[] = [
  ["a provisioning network of an unknown kind", baremetal, key("provisioningNetwork", "Yes"), [`${B}.provisioningNetwork`, UNSUPPORTED, "Managed"]],
  ["a provisioning network elsewhere", baremetal, key("provisioningNetworkCIDR", "172.23.0.0/24")],
  ["one with host bits", baremetal, key("provisioningNetworkCIDR", "172.23.0.9/24"), [`${B}.provisioningNetworkCIDR`, INVALID, "172.23.0.0/24"]],
  ["one that is no CIDR", baremetal, key("provisioningNetworkCIDR", "172.23.0.0"), [`${B}.provisioningNetworkCIDR`, INVALID, "not a CIDR"]],
  [
    "one in the machine network",
    baremetal,
    key("provisioningNetworkCIDR", "10.0.8.0/24"),
    [`${B}.provisioningNetworkCIDR`, INVALID, "overlap"],
    [`${B}.bootstrapProvisioningIP`, INVALID, "must not be in a machine network"],
  ],
  ["an empty one", baremetal, { ...DISABLED, [`${B}.provisioningNetworkCIDR`]: "" }, [`${B}.provisioningNetworkCIDR`, INVALID, "not a CIDR"]],
  [
    "provisioningHostIP of old elsewhere",
    baremetal,
    { ...DISABLED, [`${B}.provisioningHostIP`]: "172.22.0.3" },
    [`${B}.clusterProvisioningIP`, INVALID, "must be in a machine network"],
  ],
  ["provisioningHostIP of old", baremetal, { ...DISABLED, [`${B}.provisioningHostIP`]: "10.0.0.20" }],
  [
    "provisioningHostIP of old that differs",
    baremetal,
    { ...DISABLED, [`${B}.provisioningHostIP`]: "10.0.0.20", [`${B}.clusterProvisioningIP`]: "10.0.0.21" },
    [`${B}.provisioningHostIP`, INVALID, "differs"],
  ],
  [
    "one that is no CIDR where there is none",
    baremetal,
    { ...DISABLED, [`${B}.provisioningNetworkCIDR`]: "172.23.0.0" },
    [`${B}.provisioningNetworkCIDR`, INVALID, "not a CIDR"],
  ],
  ["a small one without a range", baremetal, key("provisioningNetworkCIDR", "172.23.0.0/29"), [`${B}.provisioningDHCPRange`, INVALID, "too small"]],
  ["a small one that others serve", baremetal, key("provisioningNetworkCIDR", "172.23.0.0/29", { [`${B}.provisioningNetwork`]: "Unmanaged" })],
  ["a large one of IPv6", baremetal, key("provisioningNetworkCIDR", "fd05::/48"), [`${B}.provisioningNetworkCIDR`, INVALID, "at least 64"]],
  ["a large one of IPv6 that others serve", baremetal, key("provisioningNetworkCIDR", "fd05::/48", { [`${B}.provisioningNetwork`]: "Unmanaged" })],
  ["addresses of the services", baremetal, key("bootstrapProvisioningIP", "172.22.0.4", { [`${B}.clusterProvisioningIP`]: "172.22.0.5" })],
  [
    "one elsewhere",
    baremetal,
    key("bootstrapProvisioningIP", "172.23.0.4"),
    [`${B}.bootstrapProvisioningIP`, INVALID, "not in the provisioning network"],
  ],
  [
    "another elsewhere",
    baremetal,
    key("clusterProvisioningIP", "172.23.0.4"),
    [`${B}.clusterProvisioningIP`, INVALID, "not in the provisioning network"],
  ],
  ["one that is none", baremetal, key("clusterProvisioningIP", "x"), [`${B}.clusterProvisioningIP`, INVALID, "IP address"]],
  ["one of the machine network without provisioning network", baremetal, key("clusterProvisioningIP", "10.0.0.7", DISABLED)],
  [
    "one elsewhere without provisioning network",
    baremetal,
    key("bootstrapProvisioningIP", "172.22.0.4", DISABLED),
    [`${B}.bootstrapProvisioningIP`, INVALID, "must be in a machine network"],
  ],
  ["a range", baremetal, key("provisioningDHCPRange", "172.22.0.10,172.22.0.20")],
  ["a range of one", baremetal, key("provisioningDHCPRange", "172.22.0.10"), [`${B}.provisioningDHCPRange`, INVALID, "comma"]],
  ["a range of words", baremetal, key("provisioningDHCPRange", "a,b"), [`${B}.provisioningDHCPRange`, INVALID, "two IP addresses"]],
  [
    "a range elsewhere",
    baremetal,
    key("provisioningDHCPRange", "172.22.0.10,172.22.1.20"),
    [`${B}.provisioningDHCPRange`, INVALID, "not in the provisioning"],
  ],
  [
    "a range with the services in it",
    baremetal,
    key("provisioningDHCPRange", "172.22.0.1,172.22.0.20"),
    [`${B}.bootstrapProvisioningIP`, INVALID, "in the DHCP range"],
    [`${B}.clusterProvisioningIP`, INVALID, "in the DHCP range"],
  ],
  ["a gateway", baremetal, key("provisioningNetworkGateway", "172.22.0.1", NEWEST)],
  [
    "a gateway in 4.21",
    baremetal,
    key("provisioningNetworkGateway", "172.22.0.1"),
    [`${B}.provisioningNetworkGateway`, FORBIDDEN, "is not in version 4.21"],
  ],
  [
    "a gateway elsewhere",
    baremetal,
    key("provisioningNetworkGateway", "172.23.0.1", NEWEST),
    [`${B}.provisioningNetworkGateway`, INVALID, "not in the provisioning"],
  ],
  [
    "a provisioning gateway that is the broadcast address",
    baremetal,
    key("provisioningNetworkGateway", "172.22.0.255", NEWEST),
    [`${B}.provisioningNetworkGateway`, INVALID, "broadcast"],
  ],
  [
    "a gateway that is the service",
    baremetal,
    key("provisioningNetworkGateway", "172.22.0.3", NEWEST),
    [`${B}.provisioningNetworkGateway`, INVALID, "clusterProvisioningIP"],
  ],
  ["time servers", baremetal, key("additionalNTPServers", ["10.0.0.9", "ntp.example.com"])],
  ["a time server that is none", baremetal, key("additionalNTPServers", ["ntp one"]), [`${B}.additionalNTPServers[0]`, INVALID, "domain name"]],
  ...["externalMACAddress", "provisioningMACAddress"].flatMap((name): Case[] => [
    [`${name} that is none`, baremetal, key(name, "x"), [`${B}.${name}`, INVALID, "hexadecimal"]],
    [`${name} that is none, and no provisioning network`, baremetal, key(name, "x", DISABLED), [`${B}.${name}`, INVALID, "hexadecimal"]],
    [`${name} of a group`, baremetal, key(name, "53-54-00-00-00-aa"), [`${B}.${name}`, INVALID, "hexadecimal"]],
  ]),
  [
    "both MAC addresses of the bootstrap machine the same",
    baremetal,
    key("externalMACAddress", "52:54:00:00:00:AA", { [`${B}.provisioningMACAddress`]: "52:54:00:00:00:aa" }),
    [`${B}.provisioningMACAddress`, DUPLICATE, ""],
  ],
  ["an image", baremetal, key("clusterOSImage", `https://mirror.example.com/image.qcow2.gz?sha256=${SHA}`)],
  [
    "an image without checksum",
    baremetal,
    key("bootstrapOSImage", "https://mirror.example.com/image.qcow2.gz"),
    [`${B}.bootstrapOSImage`, INVALID, "sha256"],
  ],
  [
    "an image with half a checksum",
    baremetal,
    key("clusterOSImage", "https://mirror.example.com/i?sha256=ab"),
    [`${B}.clusterOSImage`, INVALID, "64"],
  ],
  ["an image that is a file", baremetal, key("clusterOSImage", `/image.qcow2?sha256=${SHA}`), [`${B}.clusterOSImage`, INVALID, "http(s)"]],
  ["a libvirt of words", baremetal, key("libvirtURI", "localhost"), [`${B}.libvirtURI`, INVALID, "qemu:///system"]],
];

const VERSIONS: readonly Case[] = [
  ["certificates of controllers", baremetal, key("bmcVerifyCA", CA)],
  [
    "certificates of controllers in 4.20",
    baremetal,
    key("bmcVerifyCA", CA, { release: { version: "4.20" } }),
    [`${B}.bmcVerifyCA`, FORBIDDEN, "is not in version 4.20"],
  ],
  [
    "who serves DNS records in 4.20",
    baremetal,
    key("dnsRecordsType", "Internal", { release: { version: "4.20" } }),
    [`${B}.dnsRecordsType`, FORBIDDEN, "is not in version"],
  ],
  [
    "DNS records of the user's on baremetal without the gate",
    baremetal,
    key("dnsRecordsType", "External", { [`${B}.loadBalancer.type`]: "UserManaged" }),
    [`${B}.dnsRecordsType`, FORBIDDEN, "OnPremDNSRecords"],
  ],
  [
    "compute machines of amd64 beside a control plane of arm64, in 5.0",
    baremetal,
    { ...NEWEST, "controlPlane.architecture": "arm64", "compute[0].architecture": "amd64" },
    ["compute[0].architecture", INVALID, "must be arm64"],
  ],
  ["compute machines of another architecture", baremetal, { "compute[0].architecture": "arm64" }],
  [
    "compute machines of another architecture in 4.20",
    baremetal,
    { release: { version: "4.20" }, "compute[0].architecture": "arm64" },
    ["compute[0].architecture", INVALID, "must be amd64"],
  ],
  [
    "the other way around",
    baremetal,
    { "controlPlane.architecture": "arm64", "compute[0].architecture": "amd64" },
    ["compute[0].architecture", INVALID, "must be arm64"],
  ],
  ["one more host, on OKD", () => ({ ...baremetal(), distribution: "okd" }), { [`${H}[7]`]: bmcHost("more", 40) }],
];

export const BAREMETAL: readonly Case[] = [...HOSTS, ...CONTROLLERS, ...NETWORK, ...VERSIONS];

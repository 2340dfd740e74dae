import { type Case, DUPLICATE, FORBIDDEN, INVALID, kvm, kvmBridge, PULL_SECRET, REQUIRED, TOO_MANY, UNSUPPORTED } from "./support.ts";

const K = "platform.kvm";
const uri = (text: string) => ({ [`${K}.uri`]: text });
const machine = (...cidrs: string[]) => ({ "networking.machineNetwork": cidrs.map((cidr) => ({ cidr })) });
const host = (role: string, address: string, more: object = {}) => ({ role, networkDevice: { ipAddrs: [address], ...more } });
const hosts = (...list: object[]) => ({ [`${K}.hosts`]: list });
const OPENSHIFT = { distribution: "openshift", pullSecret: PULL_SECRET };
const USER_MANAGED = { [`${K}.loadBalancer`]: { type: "UserManaged" } };
const capabilities = (baselineCapabilitySet: string, ...additionalEnabledCapabilities: string[]) => ({
  capabilities: { baselineCapabilitySet, additionalEnabledCapabilities },
});
const ADDRESS = `${K}.hosts[0].networkDevice.ipAddrs[0]`;

export const KVM: readonly Case[] = [
  ["a URI of another host", kvm, uri("qemu+ssh://root@host.example.com:2222/system?keyfile=/k")],
  ["the session daemon", kvm, uri("qemu:///session")],
  ["libvirt's mock driver", kvm, uri("test:///default")],
  ["a URI without scheme", kvm, uri("/system"), [`${K}.uri`, INVALID, "absolute"]],
  ["a URI of another hypervisor", kvm, uri("xen:///system"), [`${K}.uri`, UNSUPPORTED, '"qemu+ssh"']],
  ["a URI by ssh to nowhere", kvm, uri("qemu+ssh:///system"), [`${K}.uri`, INVALID, "no host"]],
  ["a URI without daemon", kvm, uri("qemu+ssh://host"), [`${K}.uri`, INVALID, "no daemon"]],
  ["a URI with a password", kvm, uri("qemu+ssh://root:hunter2@host/system"), [`${K}.uri`, INVALID, "password"]],
  ["an existing pool", kvm, { [`${K}.storagePool`]: { name: "default" } }],
  ["a folder", kvm, { [`${K}.storagePool`]: { path: "/var/lib/x y" } }],
  ["a pool and a folder", kvm, { [`${K}.storagePool`]: { name: "default", path: "/x" } }, [`${K}.storagePool`, INVALID, "either"]],
  ["neither", kvm, { [`${K}.storagePool`]: {} }, [`${K}.storagePool`, REQUIRED, ""]],
  ["a pool's name that is a path", kvm, { [`${K}.storagePool`]: { name: "/x" } }, [`${K}.storagePool.name`, INVALID, "no slashes"]],
  ["a relative folder", kvm, { [`${K}.storagePool`]: { path: "x" } }, [`${K}.storagePool.path`, INVALID, "absolute"]],
  ["the root folder", kvm, { [`${K}.storagePool`]: { path: "//" } }, [`${K}.storagePool.path`, INVALID, "below /"]],
  ...["/etc", "/home", "/usr", "/var/", "//root", "/tmp", "/boot/./", "/dev", "/proc", "/proc/1", "/sys/fs", "/var/lib", "/usr//local"].map(
    (path): Case => [
      `a folder of the system as a pool: ${path}`,
      kvm,
      { [`${K}.storagePool`]: { path } },
      [`${K}.storagePool.path`, INVALID, "folder of the system"],
    ],
  ),
  ...["/var/lib/libvirt/images", "/tmp/x", "/home/ada", "/srv/virt-ipi", "/etcetera", "/dev/shm/x"].map((path): Case => [
    `a folder below one of the system as a pool: ${path}`,
    kvm,
    { [`${K}.storagePool`]: { path } },
  ]),
  ["a folder through ..", kvm, { [`${K}.storagePool`]: { path: "/var/../etc" } }, [`${K}.storagePool.path`, INVALID, "without .."]],
  ["a network without bridge", kvmBridge, { [`${K}.network`]: {} }, [`${K}.network.bridge`, REQUIRED, "bridge"]],
  ["a bridge's name too long", kvmBridge, { [`${K}.network.bridge`]: "a-very-long-bridge" }, [`${K}.network.bridge`, INVALID, "network interface"]],
  ["an image by path", kvm, { [`${K}.clusterOSImage`]: "/images/node.qcow2" }],
  ["an image by URL", kvm, { [`${K}.clusterOSImage`]: `https://example.com/node.qcow2?sha256=${"a".repeat(64)}` }],
  [
    "an image by URL with a short checksum",
    kvm,
    { [`${K}.clusterOSImage`]: "https://example.com/node.qcow2?sha256=abc" },
    [`${K}.clusterOSImage`, INVALID, "64"],
  ],
  ["an image by relative path", kvm, { [`${K}.clusterOSImage`]: "node.qcow2" }, [`${K}.clusterOSImage`, INVALID, "absolute path or an http(s) URL"]],
  ["openshift on kvm", kvm, OPENSHIFT],
  ["openshift on kvm with some capabilities", kvm, { ...OPENSHIFT, ...capabilities("None", "baremetal", "Ingress") }],
  [
    "openshift on kvm with Machines",
    kvm,
    { ...OPENSHIFT, ...capabilities("None", "baremetal", "Ingress", "MachineAPI") },
    ["capabilities.additionalEnabledCapabilities", INVALID, "management controllers"],
  ],
  [
    "openshift on kvm with a set of capabilities",
    kvm,
    { ...OPENSHIFT, ...capabilities("vCurrent") },
    ["capabilities.baselineCapabilitySet", INVALID, "use None"],
  ],
  [
    "openshift on kvm without the capability of its platform",
    kvm,
    { ...OPENSHIFT, ...capabilities("None", "Ingress") },
    ["capabilities.additionalEnabledCapabilities", INVALID, "needs capability baremetal"],
  ],
  [
    "openshift on a bridge, with a VIP that is elsewhere",
    kvmBridge,
    { ...OPENSHIFT, [`${K}.apiVIPs`]: ["10.21.0.5"] },
    [`${K}.apiVIPs`, INVALID, "machine networks"],
  ],
  ["openshift behind the user's load balancer", kvmBridge, { ...OPENSHIFT, ...USER_MANAGED, [`${K}.apiVIPs`]: ["10.21.0.5"] }],
  [
    "openshift behind a load balancer without address",
    kvmBridge,
    { ...OPENSHIFT, ...USER_MANAGED, [`${K}.apiVIPs`]: [], [`${K}.ingressVIPs`]: [] },
    [`${K}.apiVIPs`, REQUIRED, "OpenShift's nodes"],
    [`${K}.ingressVIPs`, REQUIRED, "OpenShift's nodes"],
  ],

  ["another managed network", kvm, machine("192.168.200.0/23")],
  ["a managed network that is too small", kvm, machine("192.168.200.0/25"), ["networking.machineNetwork[0]", INVALID, "/24 or larger"]],
  ["two managed networks", kvm, machine("192.168.200.0/24", "192.168.201.0/24"), ["networking.machineNetwork", TOO_MANY, "1"]],
  [
    "an IPv6 managed network",
    kvm,
    { ...machine("fd00:1::/64"), distribution: "openshift", pullSecret: PULL_SECRET },
    ["networking.machineNetwork[0]", INVALID, "must be IPv4"],
  ],
  ["80 compute machines", kvm, { "compute[0].replicas": 80 }],
  ["81 compute machines", kvm, { "compute[0].replicas": 81 }, ["compute[0].replicas", INVALID, "80 compute machines"]],
  ["81 compute machines on a bridge", kvmBridge, { "compute[0].replicas": 81 }],

  ["the bridge base", kvmBridge, {}],
  [
    "a bootstrap host",
    kvmBridge,
    { [`${K}.hosts[2]`]: host("bootstrap", "10.20.0.9/24", { gateway: "10.20.0.1", nameservers: ["10.20.0.2", "10.20.0.3"] }) },
  ],
  ["a host with only a MAC address", kvmBridge, hosts({ role: "compute", macAddress: "52:54:00:AA:bb:cc" })],
  [
    "a host without role",
    kvmBridge,
    hosts({ macAddress: "52:54:00:aa:bb:cc" }),
    [`${K}.hosts[0].role`, REQUIRED, "bootstrap, control-plane or compute"],
  ],
  ["a host of another role", kvmBridge, hosts({ role: "master" }), [`${K}.hosts[0].role`, UNSUPPORTED, '"control-plane"']],
  [
    "two bootstrap hosts",
    kvmBridge,
    hosts(host("bootstrap", "10.20.0.8/24"), host("bootstrap", "10.20.0.9/24")),
    [`${K}.hosts[1].role`, FORBIDDEN, "(1)"],
  ],
  ["more compute hosts than machines", kvmBridge, { "compute[0].replicas": 0 }, [`${K}.hosts[1].role`, FORBIDDEN, "(0)"]],
  [
    "a MAC address with hyphens",
    kvmBridge,
    { [`${K}.hosts[0].macAddress`]: "52-54-00-20-00-10" },
    [`${K}.hosts[0].macAddress`, INVALID, "six hexadecimal pairs"],
  ],
  ["a group MAC address", kvmBridge, { [`${K}.hosts[0].macAddress`]: "53:54:00:20:00:10" }, [`${K}.hosts[0].macAddress`, INVALID, "group address"]],
  ["the null MAC address", kvmBridge, { [`${K}.hosts[0].macAddress`]: "00:00:00:00:00:00" }, [`${K}.hosts[0].macAddress`, INVALID, "zero"]],
  ["the same MAC address twice", kvmBridge, { [`${K}.hosts[1].macAddress`]: "52:54:00:20:00:10" }, [`${K}.hosts[1].macAddress`, DUPLICATE, ""]],
  ["an address without prefix length", kvmBridge, { [ADDRESS]: "10.20.0.10" }, [ADDRESS, INVALID, "prefix length"]],
  ["an address outside the machine network", kvmBridge, { [ADDRESS]: "10.21.0.10/24" }, [ADDRESS, INVALID, "machine networks: 10.20.0.0/24"]],
  ["an address that is a VIP", kvmBridge, { [ADDRESS]: "10.20.0.5/24" }, [ADDRESS, INVALID, "10.20.0.5 is one of the VIPs"]],
  ["the broadcast address", kvmBridge, { [ADDRESS]: "10.20.0.255/24" }, [ADDRESS, INVALID, "broadcast"]],
  ["the same address twice", kvmBridge, { [ADDRESS]: "10.20.0.20/24" }, [`${K}.hosts[1].networkDevice.ipAddrs[0]`, DUPLICATE, ""]],
  ["a network device without address", kvmBridge, { [`${K}.hosts[0].networkDevice`]: {} }, [`${K}.hosts[0].networkDevice.ipAddrs`, REQUIRED, ""]],
  [
    "a gateway that is no address",
    kvmBridge,
    { [`${K}.hosts[0].networkDevice.gateway`]: "gw" },
    [`${K}.hosts[0].networkDevice.gateway`, INVALID, "IP address"],
  ],
  [
    "four nameservers",
    kvmBridge,
    { [`${K}.hosts[0].networkDevice.nameservers`]: ["1.1.1.1", "1.1.1.2", "1.1.1.3", "1.1.1.4"] },
    [`${K}.hosts[0].networkDevice.nameservers`, TOO_MANY, "3"],
  ],
  [
    "a nameserver that is no address",
    kvmBridge,
    { [`${K}.hosts[0].networkDevice.nameservers`]: ["dns"] },
    [`${K}.hosts[0].networkDevice.nameservers[0]`, INVALID, "IP address"],
  ],
  ["a static host on a managed network", kvm, hosts(host("compute", "192.168.126.150/24"))],
  ["a static host where another machine is", kvm, hosts(host("compute", "192.168.126.21/24")), [ADDRESS, INVALID, "compute machine 1"]],
  ["a static host in its own place", kvm, hosts(host("compute", "192.168.126.20/24"))],
  ["a static host at the gateway", kvm, hosts(host("control-plane", "192.168.126.1/24")), [ADDRESS, INVALID, "the gateway"]],

  ["a misspelt key", kvm, { [`${K}.storagePol`]: {} }, [`${K}.storagePol`, FORBIDDEN, 'did you mean "storagePool"?']],
  [
    "a misspelt key, and not its consequence",
    kvmBridge,
    { [`${K}.apiVIPs`]: undefined, [`${K}.apiVIPss`]: ["10.20.0.5"] },
    [`${K}.apiVIPss`, FORBIDDEN, 'did you mean "apiVIPs"?'],
  ],
  ["a misspelt key at the top", kvm, { baseDomian: "example.com", baseDomain: undefined }, ["baseDomian", FORBIDDEN, 'did you mean "baseDomain"?']],
  ["an unknown key at the top", kvm, { zzz: 1 }, ["zzz", FORBIDDEN, "unknown key"]],
];

import { type Case, FORBIDDEN, INVALID, kvm, kvmBridge, none, PULL_SECRET, REQUIRED, UNSUPPORTED, vsphere, vsphereStatic } from "./support.ts";

const SETS = { machineManagement: "MachineSets" };
const FD = "platform.vsphere.failureDomains[0]";
const H = "compute[0].healthCheck";
const D = "compute[0].drainTimeout";
const A = "compute[0].autoscaling";
const scaled = (replicas: number, autoscaling: object) => ({ ...SETS, "compute[0].replicas": replicas, [A]: autoscaling });
const M = "platform.kvm.machineHosts";
const POOL = { "platform.kvm.storagePool": { name: "pool" } };
const hosts = (...uris: readonly string[]) => ({ ...SETS, ...POOL, [M]: uris });
const P = "controlPlane.machineSet";
const health = (check: object) => ({ ...SETS, [H]: check });

export const MACHINE_API: readonly Case[] = [
  ["MachineSets", kvm, SETS],
  ["machines of the installer", none, { machineManagement: "Static" }],
  ["another management", kvm, { machineManagement: "Cluster" }, ["machineManagement", UNSUPPORTED, '"MachineSets"']],
  [
    "MachineSets on a platform without controller",
    none,
    { ...SETS, distribution: "kubernetes" },
    ["machineManagement", FORBIDDEN, "only on kvm, vsphere"],
    ["distribution", INVALID, "cannot run on platform none"],
  ],
  ["MachineSets on vCenters", vsphere, { ...SETS, distribution: "kubernetes" }],
  [
    "MachineSets with static addresses",
    vsphereStatic,
    SETS,
    ["platform.vsphere.hosts", FORBIDDEN, "hosts of role compute are not possible with machineManagement: MachineSets"],
  ],
  [
    "MachineSets in a host group",
    vsphere,
    {
      ...SETS,
      distribution: "kubernetes",
      [`${FD}.regionType`]: "ComputeCluster",
      [`${FD}.zoneType`]: "HostGroup",
      [`${FD}.topology.hostGroup`]: "rack-1",
    },
    ["compute[0].platform.vsphere.zones", FORBIDDEN, "failure domain fd is a host group"],
  ],
  [
    "MachineSets of openshift",
    kvm,
    { ...SETS, distribution: "openshift", pullSecret: PULL_SECRET },
    ["machineManagement", FORBIDDEN, "own operators"],
  ],
  ["a control plane that OpenShift replaces", vsphere, { [P]: { state: "Active", strategy: { type: "OnDelete" } } }],
  ["a control plane that OpenShift replaces, by its defaults", vsphere, { [P]: {} }],
  [
    "a control plane that nobody would move members of etcd from",
    vsphere,
    { distribution: "kubernetes", [P]: { state: "Inactive" } },
    [P, FORBIDDEN, "moves members of etcd"],
  ],
  ["a control plane of hardware that OpenShift replaces", none, { [P]: { state: "Active" } }, [P, FORBIDDEN, "platform none"]],
  [
    "a control plane of four that OpenShift replaces",
    vsphere,
    { "controlPlane.replicas": 4, [P]: { state: "Active" } },
    [P, FORBIDDEN, "3 or 5 control-plane machines"],
  ],
  [
    "a control plane that OpenShift replaces without Machines",
    vsphere,
    {
      capabilities: { baselineCapabilitySet: "None", additionalEnabledCapabilities: ["Ingress", "CloudCredential", "CloudControllerManager"] },
      [P]: {},
    },
    [P, FORBIDDEN, "capability MachineAPI"],
  ],
  ["a control plane in another state", vsphere, { [P]: { state: "Paused" } }, [`${P}.state`, UNSUPPORTED, '"Inactive"']],
  ["a control plane replaced otherwise", vsphere, { [P]: { strategy: { type: "Recreate" } } }, [`${P}.strategy.type`, UNSUPPORTED, '"OnDelete"']],
  ["a health check", kvm, health({ nodeStartupTimeout: "30m", unhealthyTimeout: "90s", maxUnhealthy: "1" })],
  ["a health check with its defaults", kvm, health({})],
  ["a health check of machines that nobody replaces", kvm, { [H]: {} }, [H, FORBIDDEN, "MachineSets"]],
  ["a health check in seconds", kvm, health({ unhealthyTimeout: "30s" }), [`${H}.unhealthyTimeout`, INVALID, "at least 1m"]],
  ["a health check without unit", kvm, health({ nodeStartupTimeout: "20" }), [`${H}.nodeStartupTimeout`, INVALID, "such as 5m"]],
  ["a limit of drains", kvm, { ...SETS, [D]: "1h30m" }],
  ["a limit of drains of machines that nobody removes", kvm, { [D]: "30m" }, [D, FORBIDDEN, "MachineSets"]],
  ["a limit of drains in seconds", kvm, { ...SETS, [D]: "30s" }, [D, INVALID, "at least 1m"]],
  ["a limit of drains without unit", kvm, { ...SETS, [D]: "30" }, [D, INVALID, "such as 5m"]],
  ["an autoscaled pool", kvm, scaled(2, { minReplicas: 1, maxReplicas: 5 })],
  ["a pool that begins and ends empty", kvm, scaled(0, { minReplicas: 0, maxReplicas: 1 })],
  ["a pool of a fixed number, said by its bounds", kvm, scaled(3, { minReplicas: 3, maxReplicas: 3 })],
  [
    "autoscaling of machines that the installer creates",
    kvm,
    { "compute[0].replicas": 2, [A]: { minReplicas: 1, maxReplicas: 5 } },
    [A, FORBIDDEN, "MachineSets"],
  ],
  ["autoscaling without a lower bound", kvm, scaled(2, { maxReplicas: 5 }), [`${A}.minReplicas`, REQUIRED, "fewest"]],
  ["autoscaling without an upper bound", kvm, scaled(2, { minReplicas: 1 }), [`${A}.maxReplicas`, REQUIRED, "most"]],
  ["a negative lower bound", kvm, scaled(2, { minReplicas: -1, maxReplicas: 5 }), [`${A}.minReplicas`, INVALID, "negative"]],
  ["an upper bound of none", kvm, scaled(0, { minReplicas: 0, maxReplicas: 0 }), [`${A}.maxReplicas`, INVALID, "from 1"]],
  ["bounds that are crossed", kvm, scaled(2, { minReplicas: 4, maxReplicas: 1 }), [`${A}.minReplicas`, INVALID, "which is 1"]],
  ["fewer machines than the lower bound", kvm, scaled(0, { minReplicas: 1, maxReplicas: 5 }), ["compute[0].replicas", INVALID, "1 to 5"]],
  ["more machines than the upper bound", kvm, scaled(6, { minReplicas: 1, maxReplicas: 5 }), ["compute[0].replicas", INVALID, "1 to 5"]],
  ["machines on further hosts", kvmBridge, hosts("qemu+ssh://me@a/system", "qemu+ssh://me@b/system")],
  [
    "machines on further hosts that nobody creates",
    kvmBridge,
    { ...hosts("qemu+ssh://me@a/system"), machineManagement: "Static" },
    [M, FORBIDDEN, "MachineSets"],
  ],
  [
    "machines on further hosts that a network does not reach",
    kvm,
    { ...SETS, ...POOL, [M]: ["qemu+ssh://me@a/system"] },
    [M, FORBIDDEN, "network.bridge"],
  ],
  ["machines on further hosts without the pool", kvmBridge, { ...SETS, [M]: ["qemu+ssh://me@a/system"] }, [M, FORBIDDEN, "storagePool.name"]],
  ["a further host by a password", kvmBridge, hosts("qemu+ssh://me:secret@a/system"), [`${M}[0]`, INVALID, "password"]],
  ["a further host twice", kvmBridge, hosts("qemu+ssh://me@a/system", "qemu+ssh://me@a/system"), [`${M}[1]`, INVALID, "second time"]],
  ["a further host that is the cluster's own", kvmBridge, hosts("qemu:///system"), [`${M}[0]`, INVALID, "second time"]],
  ["a share of machines over all", kvm, health({ maxUnhealthy: "140%" }), [`${H}.maxUnhealthy`, INVALID, "percentage"]],
];

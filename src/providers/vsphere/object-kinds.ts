import type { Located } from "./inventory.ts";

/** A kind of object that an install-config names. */
export interface ObjectKind {
  /** In messages about one that is missing. */
  readonly title: string;
  /** In messages about one that is something else. */
  readonly noun: string;
  /** Types of the vSphere API that it may be of. */
  readonly types: readonly string[];
  /** Types that lie in the same part of the inventory, one of which may have been named by mistake. */
  readonly neighbours: readonly string[];
}

export const KINDS = {
  datacenter: {
    title: "datacenter",
    noun: "datacenter",
    types: ["Datacenter"],
    neighbours: ["Folder", "ComputeResource", "HostSystem"],
  },
  computeCluster: {
    title: "compute cluster",
    noun: "cluster",
    types: ["ClusterComputeResource"],
    neighbours: ["ComputeResource", "HostSystem", "ResourcePool", "Folder"],
  },
  resourcePool: { title: "resource pool", noun: "resource pool", types: ["ResourcePool"], neighbours: ["VirtualApp", "HostSystem"] },
  datastore: { title: "datastore", noun: "datastore", types: ["Datastore"], neighbours: ["StoragePod", "Folder"] },
  network: {
    title: "network",
    noun: "network",
    types: ["Network", "DistributedVirtualPortgroup", "OpaqueNetwork"],
    neighbours: ["DistributedVirtualSwitch", "Folder"],
  },
  folder: { title: "folder", noun: "folder", types: ["Folder"], neighbours: ["VirtualMachine", "VirtualApp"] },
  template: { title: "template", noun: "template", types: ["VirtualMachine"], neighbours: ["VirtualApp", "Folder"] },
} as const satisfies Record<string, ObjectKind>;

const WORDS: Readonly<Record<string, string>> = {
  Datacenter: "a datacenter",
  ClusterComputeResource: "a cluster",
  // What holds a host without a cluster; it has the host's name.
  ComputeResource: "a host",
  HostSystem: "a host",
  ResourcePool: "a resource pool",
  VirtualApp: "a vApp",
  Datastore: "a datastore",
  StoragePod: "a datastore cluster",
  Network: "a network",
  OpaqueNetwork: "an opaque network",
  DistributedVirtualPortgroup: "a port group",
  DistributedVirtualSwitch: "a distributed switch",
  VmwareDistributedVirtualSwitch: "a distributed switch",
  Folder: "a folder",
  VirtualMachine: "a virtual machine",
};

/** What an object is, for people. */
export const wordFor = ({ type }: Pick<Located, "type">): string => WORDS[type] ?? `a ${type}`;

/** Objects that hold others of the same part of the inventory. */
export const isContainer = ({ type }: Pick<Located, "type">): boolean => type === "Folder" || type === "StoragePod";

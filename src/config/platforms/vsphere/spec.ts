import type { z } from "zod";
import type { vspherePool, vsphereSchema } from "./schema.ts";

export type VsphereConfig = NonNullable<z.infer<typeof vsphereSchema>>;
export type VspherePool = NonNullable<z.infer<typeof vspherePool>>;

declare module "../keys.ts" {
  interface PlatformKeys {
    vsphere?: VsphereConfig | undefined;
  }
  interface PoolPlatformKeys {
    vsphere?: VspherePool | undefined;
  }
}

declare module "../../platform-specs.ts" {
  interface PlatformSpecs {
    readonly vsphere: VSpherePlatformSpec;
  }
}

declare module "../../cluster-spec.ts" {
  interface MachinePool {
    /** Present exactly on vSphere. */
    readonly vsphere?: VSpherePoolSpec;
  }

  interface MachinePlan {
    /** Present exactly on vSphere. */
    readonly vsphere?: VSphereMachinePlan;
  }
}

/** `platform.vsphere` after conversion and defaults: every failure domain is complete, and all inventory paths are absolute. */
export interface VSpherePlatformSpec {
  readonly name: "vsphere";
  /** At least one; each server once. */
  readonly vcenters: readonly VCenterSpec[];
  /** At least one, in the order of the file. */
  readonly failureDomains: readonly FailureDomainSpec[];
  /** How disks take space; undefined: as the storage policy says. */
  readonly diskType?: "thin" | "thick" | "eagerZeroedThick";
  /** Path or URL (perhaps with `?sha256=`) of an OVA; undefined: the image of the distribution. */
  readonly clusterOSImage?: string;
  readonly nodeNetworking?: { readonly internal?: NodeNetworkSpec; readonly external?: NodeNetworkSpec };
  readonly dnsRecordsType: "Internal" | "External";
  /**
   * True for a file in the old form that names no network: it says too little to make machines, and only asks for manifests and
   * Ignition configs (UPI). Then `computeCluster`, `resourcePool` and `networks` may be empty.
   */
  readonly userProvisioned: boolean;
}

export interface VCenterSpec {
  /** Lower-case DNS name or IP address. */
  readonly server: string;
  readonly port: number;
  /** Read from where the install-config points to, where it gives a reference. */
  readonly user: string;
  /** Secret. As `user`. */
  readonly password: string;
  /** Names, not paths. */
  readonly datacenters: readonly string[];
}

/** What fails together: a part of one vCenter's inventory that machines are put into. */
export interface FailureDomainSpec {
  readonly name: string;
  /** Values of the tags `openshift-region` and `openshift-zone`. */
  readonly region: string;
  readonly zone: string;
  readonly regionType: "Datacenter" | "ComputeCluster";
  readonly zoneType: "ComputeCluster" | "HostGroup" | "Datacenter";
  /** One of `vcenters[].server`. */
  readonly server: string;
  readonly topology: TopologySpec;
}

/** What a topology may name by its path or by its bare name. */
export type NamedObject = "computeCluster" | "resourcePool" | "datastore" | "folder" | "template";

/** Inventory paths are absolute and clean: `/dc1/host/cluster1`, without trailing slash. */
export interface TopologySpec {
  /** Name. */
  readonly datacenter: string;
  readonly computeCluster: string;
  /** `<computeCluster>/Resources` where the user gives none. */
  readonly resourcePool: string;
  readonly datastore: string;
  /** Port groups by name, by path, or relative to the datacenter's networks; one for each interface, the first is where node addresses are. */
  readonly networks: readonly string[];
  /** The user's folder; undefined: the cluster's own, see `vmFolder`. */
  readonly folder?: string;
  /** Of a template that exists; undefined: the image is imported. */
  readonly template?: string;
  /** `urn:vmomi:InventoryServiceTag:<UUID>:GLOBAL`, attached beside the cluster's own tag. */
  readonly tagIDs: readonly string[];
  /** Name of an existing DRS host group; set exactly when `zoneType` is HostGroup. */
  readonly hostGroup?: string;
  /**
   * Which of the paths above are made of a bare name. Such an object may lie deeper: where it is only the vCenter knows, which is asked by
   * `findTopology` of the provider.
   */
  readonly byName?: readonly NamedObject[];
}

/** Which address of a node counts. */
export interface NodeNetworkSpec {
  /** CIDRs */
  readonly networkSubnetCidr: readonly string[];
  readonly excludeNetworkSubnetCidr: readonly string[];
  /** Port group. */
  readonly network?: string;
}

/** What a machine pool on vSphere has beside its size. */
export interface VSpherePoolSpec {
  readonly coresPerSocket: number;
  /** Names of failure domains, at least one: machine `i` is put into the one at `i` modulo their number. */
  readonly zones: readonly string[];
  readonly dataDisks: readonly DataDiskSpec[];
}

export interface DataDiskSpec {
  readonly name: string;
  readonly sizeGiB: number;
  /** Undefined: as `diskType` says. */
  readonly provisioningMode?: "Thin" | "Thick" | "EagerlyZeroed";
}

/** What is decided about a machine on vSphere before it exists. */
export interface VSphereMachinePlan {
  /** Name of the failure domain that the machine is put into. */
  readonly failureDomain: string;
  readonly coresPerSocket: number;
  readonly dataDisks: readonly DataDiskSpec[];
}

/** The inventory path of the folder that a failure domain's machines are in: the user's, or the cluster's own in that datacenter. */
export const vmFolder = ({ folder, datacenter }: Pick<TopologySpec, "folder" | "datacenter">, infraID: string): string =>
  folder ?? `/${datacenter}/vm/${infraID}`;

/** vSphere takes at most 80 characters for a virtual machine. */
const LONGEST_VM_NAME = 80;
/** Name of the template that a failure domain's machines are cloned from, where the user has none. */
export const templateName = (infraID: string, failureDomain: string): string => `${infraID}-rhcos-${failureDomain}`.slice(0, LONGEST_VM_NAME);

/** VM group of a host-group zone, and the rule that ties it to the host group. */
export const vmGroupName = (infraID: string, failureDomain: string): string => `${infraID}-${failureDomain}`;

/** The inventory path of a network, if it lies where its name alone says. */
export const networkPath = ({ datacenter }: Pick<TopologySpec, "datacenter">, network: string): string =>
  network.startsWith("/") ? network : `/${datacenter}/network/${network}`;

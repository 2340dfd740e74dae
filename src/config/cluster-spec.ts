import type { VSpherePlatformSpec, VSpherePoolSpec } from "./vsphere-spec.ts";

/**
 * What the rest of the program reads: the install-config after defaults, conversion and validation, with names
 * and addresses decided. It holds no entropy: the same install-config always gives the same ClusterSpec.
 */
export interface ClusterSpec {
  readonly name: string;
  readonly baseDomain: string;
  /** `<name>.<baseDomain>` */
  readonly clusterDomain: string;
  readonly distribution: Distribution;
  readonly networking: Networking;
  readonly vips: Vips;
  /** Who carries the VIPs: the machines themselves (also when absent), or a load balancer of the user's. */
  readonly loadBalancer?: "OpenShiftManagedDefault" | "UserManaged";
  readonly pools: { readonly controlPlane: MachinePool; readonly compute: readonly MachinePool[] };
  readonly hosts: readonly StaticHost[];
  /** OpenSSH public keys, one an element. */
  readonly sshKeys: readonly string[];
  /** Secret. JSON text; absent where the distribution needs none. */
  readonly pullSecret?: string;
  readonly additionalTrustBundle?: string;
  readonly proxy?: Proxy;
  readonly platform: PlatformSpec;
  readonly timeouts: Timeouts;
}

export type Distribution = "kubernetes" | "openshift" | "okd";

export interface Networking {
  readonly networkType: string;
  /** CIDRs */
  readonly machineNetwork: readonly string[];
  readonly clusterNetwork: readonly { readonly cidr: string; readonly hostPrefix: number }[];
  readonly serviceNetwork: readonly string[];
}

/** IP addresses; both empty when the API is reached without a VIP. */
export interface Vips {
  readonly api: readonly string[];
  readonly ingress: readonly string[];
}

export type MachineRole = "bootstrap" | "control-plane" | "compute";

export interface MachinePool {
  /** `master`, `worker`: the names of the install-config. */
  readonly name: string;
  readonly role: Exclude<MachineRole, "bootstrap">;
  readonly replicas: number;
  readonly cpus: number;
  readonly memoryMB: number;
  readonly diskSizeGB: number;
  /** Present exactly on vSphere. */
  readonly vsphere?: VSpherePoolSpec;
}

/** `platform.<p>.hosts[]`: a machine whose address the user decides. */
export interface StaticHost {
  readonly role: MachineRole;
  readonly macAddress?: string;
  /** Address with prefix length, as in `192.168.10.4/24`. */
  readonly ipAddrs: readonly string[];
  readonly gateway?: string;
  readonly nameservers: readonly string[];
  /** Name of the failure domain that the machine is put into, whatever its pool's zones; vSphere only. */
  readonly failureDomain?: string;
}

export interface Proxy {
  readonly httpProxy?: string;
  readonly httpsProxy?: string;
  readonly noProxy?: string;
}

/** One member a platform; the name is the key under `platform:`. */
export type PlatformSpec = KvmPlatformSpec | VSpherePlatformSpec | OtherPlatformSpec;

export interface OtherPlatformSpec {
  readonly name: "baremetal" | "none" | "external";
}

export interface KvmPlatformSpec {
  readonly name: "kvm";
  /** libvirt connection URI */
  readonly uri: string;
  /** An existing pool, a folder that becomes a pool of ours, or undefined: a pool of ours in the default folder. */
  readonly storagePool?: { readonly kind: "existing"; readonly name: string } | { readonly kind: "folder"; readonly path: string };
  /** `bridge`: machines attach to the user's bridge. `managed`: a libvirt network of ours with DHCP and DNS. */
  readonly network: { readonly kind: "bridge"; readonly bridge: string } | { readonly kind: "managed" };
  /** Path or URL of a qcow2 image; undefined: the node image of the distribution. */
  readonly clusterOSImage?: string;
  readonly bootstrap: { readonly cpus: number; readonly memoryMB: number; readonly diskSizeGB: number };
  readonly machineManagement: "Static" | "MachineSets";
}

/** Milliseconds. */
export interface Timeouts {
  readonly infrastructure: number;
  readonly bootstrap: number;
  readonly install: number;
}

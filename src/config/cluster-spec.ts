import type { Autoscaling } from "./machine-api/autoscaling.ts";
import type { HealthCheck } from "./machine-api/health-check.ts";

import type { Distribution } from "./distribution.ts";
import type { OpenShiftSpec } from "./openshift/openshift-spec.ts";
import type { PlatformSpec } from "./platform-specs.ts";

export type { Distribution, PlatformSpec };

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
  /** Who carries the VIPs: the machines themselves (also when absent), or the user's load balancer. */
  readonly loadBalancer?: "OpenShiftManagedDefault" | "UserManaged";
  readonly pools: { readonly controlPlane: MachinePool; readonly compute: readonly MachinePool[] };
  readonly hosts: readonly StaticHost[];
  /** OpenSSH public keys, one an element. */
  readonly sshKeys: readonly string[];
  /** Secret. JSON text; absent where the distribution needs none. */
  readonly pullSecret?: string;
  readonly additionalTrustBundle?: string;
  /** The same bundle, where additionalTrustBundlePolicy has the machines trust it as well. */
  readonly machineTrustBundle?: string;
  readonly proxy?: Proxy;
  /** IP addresses and domain names; absent where there are none. */
  readonly ntpServers?: readonly string[];
  /** Absent where there are none. */
  readonly imageMirrors?: readonly ImageMirrors[];
  readonly platform: PlatformSpec;
  readonly timeouts: Timeouts;
  /** Present exactly for distribution openshift and okd. */
  readonly openshift?: OpenShiftSpec;
  /** The cluster creates its compute machines itself; absent: the installer creates them. */
  readonly machineManagement?: "MachineSets";
  /** Absent when virtual machines are not wanted in the cluster. */
  readonly virtualization?: VirtualizationSpec;
}

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

export interface MachineSize {
  readonly cpus: number;
  /** MiB */
  readonly memoryMB: number;
  /** GiB */
  readonly diskSizeGB: number;
}

/** A platform's own folder adds by declaration merging what a pool has there alone. */
export interface MachinePool extends MachineSize {
  /** `master`, `worker`: the names of the install-config. */
  readonly name: string;
  readonly role: Exclude<MachineRole, "bootstrap">;
  readonly replicas: number;
  /** Only with MachineSets: absent where no machine is replaced. */
  readonly healthCheck?: HealthCheck;
  /** Only with MachineSets: how long a node is drained, as in `30m`; absent: for ever. */
  readonly drainTimeout?: string;
  /** Only with MachineSets: absent where nothing but the user changes the number of machines. */
  readonly autoscaling?: Autoscaling;
  /** Machines use one thread a core. */
  readonly hyperthreadingDisabled?: true;
}

/** `platform.<p>.hosts[]`: a machine whose address the user decides. */
export interface StaticHost {
  readonly role: MachineRole;
  readonly macAddress?: string;
  /** Address with prefix length, as in `192.168.10.4/24`. */
  readonly ipAddrs: readonly string[];
  readonly gateway?: string;
  readonly nameservers: readonly string[];
  /** Name of the failure domain that the machine is put into, whatever its pool's zones, on platforms that have such. */
  readonly failureDomain?: string;
}

/**
 * One virtual machine to be created: everything about it that is decided before it exists. A platform's own folder adds by declaration
 * merging what is decided there alone.
 */
export interface MachinePlan extends MachineSize {
  /** `<infraID>-bootstrap`, `<infraID>-master-0`, `<infraID>-worker-0`: VM, host and node name. */
  readonly name: string;
  readonly role: MachineRole;
  /** Number within its pool. */
  readonly index: number;
  readonly pool: string;
  /** Lower-case, from the range that the platform leaves to its users; each once in a plan. */
  readonly macAddress: string;
  /** Set when the address is ours to decide (managed network or static host); without prefix length. */
  readonly ipAddress?: string;
  /** The host entry this machine was matched with. */
  readonly staticHost?: StaticHost;
}

export interface Proxy {
  readonly httpProxy?: string;
  readonly httpsProxy?: string;
  readonly noProxy?: string;
}

/** Repositories, or whole registries, that images of a source are pulled from by digest. */
export interface ImageMirrors {
  readonly source: string;
  /** In the order in which they are tried. */
  readonly mirrors: readonly string[];
  /** The source itself is no last resort. */
  readonly neverContactSource: boolean;
}

/** What is deployed into the cluster so that it runs virtual machines. Everything that the user left out is decided. */
export interface VirtualizationSpec {
  readonly operators: OlmOperators | ManifestOperators;
  readonly emulation: "Auto" | "On" | "Off";
  readonly uninstallStrategy: "BlockUninstallIfWorkloadsExist" | "RemoveWorkloads";
  readonly storage: VirtualizationStorage;
  /** As KubeVirt calls them: `parallelMigrationsPerCluster`… Only what the user gave. */
  readonly liveMigration: Readonly<Record<string, unknown>>;
  readonly users?: VirtualizationUsers;
  readonly pipelines?: { readonly source: "OLM"; readonly channel: string } | { readonly source: "Manifests"; readonly files: readonly PinnedFile[] };
}

/** The Operator Lifecycle Manager installs the HyperConverged operator, which brings all others. */
export interface OlmOperators {
  readonly source: "OLM";
  readonly namespace: string;
  /** Namespaces of the OperatorGroup; undefined: all. */
  readonly targetNamespaces?: readonly string[];
  readonly packageName: string;
  readonly channel: string;
  readonly startingCSV?: string;
  readonly approval: "Automatic" | "Manual";
  /** With `image` or `address` the CatalogSource is made by us, else it must exist. */
  readonly catalogSource: { readonly name: string; readonly namespace: string; readonly image?: string; readonly address?: string };
  /** hco.kubevirt.io/v1beta1 */
  readonly hyperConverged: Readonly<Record<string, unknown>>;
  /** Whether boot images are imported, which takes a StorageClass. */
  readonly bootSources: boolean;
}

/** The operators' own release manifests, without HyperConverged. */
export interface ManifestOperators {
  readonly source: "Manifests";
  readonly kubevirt: ManifestComponent;
  /** Without it no disks are imported. */
  readonly cdi?: ManifestComponent;
  readonly networkAddons?: ManifestComponent;
  readonly hostPathProvisioner?: ManifestComponent;
}

export interface ManifestComponent {
  readonly version: string;
  readonly files: readonly PinnedFile[];
  readonly spec: Readonly<Record<string, unknown>>;
}

export interface PinnedFile {
  /** Absolute path or http(s) URL, the mirror put in. */
  readonly location: string;
  /** Lower-case hexadecimal digits. */
  readonly sha256: string;
}

export interface VirtualizationStorage {
  readonly pools: readonly HostPathPool[];
  /** Labels of the nodes that have the pools; undefined: all. */
  readonly nodeSelector?: Readonly<Record<string, string>>;
  /** A StorageClass that exists and becomes the default for virtual machines. */
  readonly storageClass?: string;
  /** Spec of StorageProfiles by StorageClass. */
  readonly profiles: readonly { readonly name: string; readonly spec: Readonly<Record<string, unknown>> }[];
}

export interface HostPathPool {
  readonly name: string;
  readonly path: string;
  readonly storageClass: string;
  readonly pvcTemplate?: Readonly<Record<string, unknown>>;
}

export interface VirtualizationUsers {
  readonly identityProvider: string;
  /** Secret. Text of the htpasswd file. */
  readonly htpasswd: string;
  readonly clusterAdmins: readonly string[];
  readonly roles: readonly { readonly user: string; readonly namespace: string; readonly role: "admin" | "edit" | "view" }[];
}

/** Milliseconds. */
export interface Timeouts {
  readonly infrastructure: number;
  readonly bootstrap: number;
  readonly install: number;
  /** From the whole cluster to virtualization that works. */
  readonly operators: number;
}

import type { Distribution } from "../distribution.ts";
import type { GateName, GateState } from "./gate-state.ts";

export type { GateName };

/**
 * What differs between OpenShift's versions, in the installer's assets and in the keys of an install-config: the only place that knows. Everything
 * else asks a contract for a capability and never compares versions; `tools/source-rules.ts` holds that.
 * Source: openshift/installer, branches release-4.19 to release-4.21 and main at 2026-08, by description.
 */
export interface Contract {
  /** ClusterVersion's channel. */
  readonly channel: string;
  /** Where the cluster asks for updates, if not at the service that its release names. */
  readonly updateService?: string;
  /** Pull spec of the release image of a version with its patch release. */
  readonly releaseImage: (version: string) => string;
  /** The bootstrap machine's image can hand out its journal over the network. */
  readonly journalGateway: boolean;
  /** Gates that the version does not know are absent, and so is what later came behind them. */
  readonly gates: Readonly<Partial<Record<GateName, GateState>>>;
  /** The objects that Go's types write have `metadata.creationTimestamp: null`. */
  readonly nullCreationTimestamps: boolean;
  /** The stream of the operating system that machines have without `osImageStream`; absent before there were several. */
  readonly defaultOsImageStream?: OsImageStream;
  /** Those that there are to choose from. */
  readonly osImageStreams: readonly OsImageStream[];
  readonly metal: MetalContract;
  /** A control plane of one machine is possible on all platforms; else only where the user makes the machines. */
  readonly singleNodeEverywhere: boolean;
  /** The addresses of fencing credentials must be of Redfish, with a port that is known. */
  readonly fencingAddressChecked: boolean;
  /** ImageDigestMirrorSet and registries.conf know that a source must never be asked. */
  readonly sourcePolicy: boolean;
  /** Every platform gets kernel arguments for two families; else only those that ask for it. */
  readonly dualStackMachineConfigs: boolean;
  /** Validities in hours with gate ShortCertRotation, in place of a day and of a year. */
  readonly shortValidity: { readonly day: number; readonly year: number };
  /** Dual stack may begin with IPv6 on platforms none and external; on premises it always may. */
  readonly ipv6FirstElsewhere: boolean;
  /** Pools say which API manages their machines. */
  readonly poolManagement: boolean;
  /** Each line of sshKey must be a key, which a comment is not; else the first key is all that is read. */
  readonly sshKeyByLine: boolean;
  /** There are the optional components of `NEWER_CAPABILITIES`. */
  readonly newerCapabilities: boolean;
  /** There is a feature set for OKD. */
  readonly okdFeatureSet: boolean;
  /** Fencing credentials may name a host by its MAC address, and say which way it is named. */
  readonly fencingByMac: boolean;
  /** An arbiter may be a machine that nobody but the user manages, on platforms none and external. */
  readonly arbiterOfAnyKind: boolean;
  /** On premises, the Infrastructure object says who serves the DNS records of the API and of routes. */
  readonly dnsRecords: boolean;
  readonly inventory: InventoryContract;
  /** The unit that mounts the temporary repository of OS images on the bootstrap machine. */
  readonly ostreeMount?: string;
  /** The bootstrap machine has the files of konnectivity. */
  readonly konnectivity: boolean;
  readonly bootstrap: BootstrapContract;
}

/** What differs in how the bootstrap machine runs the operators of the release. */
export interface BootstrapContract {
  /** What containers say is kept in files, not in the journal. */
  readonly logsToFiles: boolean;
  /** The controller of machine configs reads which images the release has. */
  readonly mccReadsReferences: boolean;
  /** The operator of the cluster's version reads the object that says which capabilities the cluster has. */
  readonly cvoReadsClusterVersion: boolean;
  /** etcd's operator reads the manifests, and the release's version. */
  readonly etcdReadsManifests: boolean;
  /** A flag of the kubelet names the image that its pods pause in. */
  readonly kubeletPauseImage: boolean;
  /** The operating system among the release's images. */
  readonly nodeImage: string;
  /** A program of the release says which image a stream of the operating system has instead. */
  readonly nodeImageByStream: boolean;
  /** Where the image of the operating system is unpacked if the machine runs from memory. */
  readonly ostreeFolder: string;
  /** The booted operating system's choice of ciphers stays. */
  readonly keepsCryptoPolicies: boolean;
  /** A machine that becomes the cluster by itself gets the folder of etcd's data, closed for others. */
  readonly closesEtcdFolder: boolean;
}

type OsImageStream = "rhel-9" | "rhel-10" | "centos-10";

/** What differs where machines are placed in the inventory of a virtualization manager. */
export interface InventoryContract {
  /** The cloud provider's config has only what is set, and says which addresses of nodes count; else every key there is. */
  readonly sparseCloudConfig: boolean;
  /** Which addresses of nodes count is said whatever gates are open. */
  readonly alwaysNodeNetworking: boolean;
  /** A VIP that is a machine network already is not named again. */
  readonly networksOnce: boolean;
  /** MachineSets keep an image that the user has given. */
  readonly keepsOwnBootImages: boolean;
  /** The cluster keeps all of the platform's part of the install-config. */
  readonly keepsWholePlatform: boolean;
  /** Addresses that the user gives are objects of the newer version of their API with gate ClusterAPIMachineManagement. */
  readonly newIpamBehindGate: boolean;
  /** A zone's tag is used once in a region. */
  readonly zonesOnce: boolean;
  /** A template that the user has given excludes an image that the user has given. */
  readonly oneImageSource: boolean;
  /** A failure domain is in one of the datacenters that its server is said to have. */
  readonly checksDatacenters: boolean;
}

/** What differs where the cluster provisions hardware. */
export interface MetalContract {
  /** Hosts say what their processors are, and compute machines may have others than the control plane. */
  readonly architectures: boolean;
  /** Hosts say which stream of the operating system they have. */
  readonly streams: boolean;
  /** The provisioning network has a gateway. */
  readonly gateway: boolean;
  /** Certificates of management controllers can be given, and the bootstrap machine has a file of them: where they are, or always. */
  readonly bmcCertificates?: "where given" | "always";
  /** The bootstrap machine takes the hosts' first operating system out of the release itself. */
  readonly extractsMachineOs: boolean;
  /** A unit of the bootstrap machine waits until its packet filter is set. */
  readonly waitsForIptables: boolean;
  /** The network configuration of hosts is read far enough to see that an MTU is a number. */
  readonly checksMtu: boolean;
}

const V4_19: Contract = {
  channel: "stable-4.19",
  releaseImage: (version) => `quay.io/openshift-release-dev/ocp-release:${version}-x86_64`,
  journalGateway: true,
  gates: {
    VSphereMultiNetworks: "preview",
    VSphereMultiDisk: "preview",
    VSphereHostVMGroupZonal: "preview",
    HighlyAvailableArbiter: "preview",
    DualReplica: "preview",
    ShortCertRotation: "developer",
  },
  nullCreationTimestamps: true,
  osImageStreams: [],
  singleNodeEverywhere: true,
  fencingAddressChecked: false,
  metal: {
    architectures: false,
    streams: false,
    gateway: false,
    extractsMachineOs: true,
    waitsForIptables: true,
    checksMtu: false,
  },
  sourcePolicy: false,
  dualStackMachineConfigs: false,
  shortValidity: { day: 1, year: 2 },
  ipv6FirstElsewhere: false,
  poolManagement: false,
  sshKeyByLine: false,
  okdFeatureSet: false,
  newerCapabilities: false,
  fencingByMac: false,
  arbiterOfAnyKind: false,
  konnectivity: false,
  bootstrap: {
    logsToFiles: false,
    mccReadsReferences: false,
    cvoReadsClusterVersion: false,
    etcdReadsManifests: false,
    kubeletPauseImage: true,
    nodeImage: "rhel-coreos",
    nodeImageByStream: false,
    ostreeFolder: "/var/ostree-container",
    keepsCryptoPolicies: false,
    closesEtcdFolder: false,
  },
  dnsRecords: false,
  inventory: {
    sparseCloudConfig: false,
    alwaysNodeNetworking: false,
    networksOnce: false,
    keepsOwnBootImages: false,
    keepsWholePlatform: false,
    newIpamBehindGate: false,
    zonesOnce: false,
    oneImageSource: false,
    checksDatacenters: false,
  },
};

const V4_20: Contract = {
  ...V4_19,
  channel: "stable-4.20",
  gates: {
    ...V4_19.gates,
    VSphereMultiNetworks: "default",
    VSphereMultiDisk: "default",
    HighlyAvailableArbiter: "default",
    MultiDiskSetup: "preview",
    ShortCertRotation: "custom",
  },
  dualStackMachineConfigs: true,
  metal: { ...V4_19.metal, checksMtu: true },
  singleNodeEverywhere: false,
  ipv6FirstElsewhere: true,
  sshKeyByLine: true,
  shortValidity: { day: 2, year: 4 },
  ostreeMount: "var-ostree\\x2dcontainer.mount",
  bootstrap: { ...V4_19.bootstrap, closesEtcdFolder: true },
  inventory: { ...V4_19.inventory, keepsOwnBootImages: true, zonesOnce: true },
};

const V4_21: Contract = {
  ...V4_20,
  channel: "stable-4.21",
  gates: { ...V4_20.gates, OnPremDNSRecords: "preview", NoRegistryClusterInstall: "preview", ClusterAPIMachineManagement: "preview" },
  nullCreationTimestamps: false,
  metal: { ...V4_20.metal, architectures: true, bmcCertificates: "where given", waitsForIptables: false },
  sourcePolicy: true,
  ostreeMount: "var-ostreecontainer.mount",
  bootstrap: { ...V4_20.bootstrap, logsToFiles: true, mccReadsReferences: true, ostreeFolder: "/var/ostreecontainer" },
  dnsRecords: true,
  inventory: { ...V4_20.inventory, networksOnce: true, newIpamBehindGate: true, oneImageSource: true },
};

const V4_22: Contract = {
  ...V4_21,
  channel: "stable-4.22",
  gates: { ...V4_21.gates, VSphereHostVMGroupZonal: "free", HighlyAvailableArbiter: "free", DualReplica: "default", OSStreams: "preview" },
  defaultOsImageStream: "rhel-9",
  osImageStreams: ["rhel-9", "rhel-10"],
  fencingAddressChecked: true,
  metal: { ...V4_21.metal, streams: true, gateway: true, bmcCertificates: "always", extractsMachineOs: false },
  poolManagement: true,
  fencingByMac: true,
  arbiterOfAnyKind: true,
  bootstrap: { ...V4_21.bootstrap, nodeImageByStream: true },
  inventory: { ...V4_21.inventory, newIpamBehindGate: false, checksDatacenters: true },
};

const V5_0: Contract = {
  ...V4_22,
  channel: "stable-5.0",
  gates: { ...V4_22.gates, OSStreams: "default", ConfigurablePKI: "preview", CRDCompatibilityRequirementOperator: "preview" },
  defaultOsImageStream: "rhel-10",
  okdFeatureSet: true,
  newerCapabilities: true,
  konnectivity: true,
  bootstrap: {
    ...V4_22.bootstrap,
    cvoReadsClusterVersion: true,
    etcdReadsManifests: true,
    kubeletPauseImage: false,
    keepsCryptoPolicies: true,
  },
  inventory: { ...V4_22.inventory, sparseCloudConfig: true, alwaysNodeNetworking: true, keepsWholePlatform: true },
};

const CONTRACTS = { "4.19": V4_19, "4.20": V4_20, "4.21": V4_21, "4.22": V4_22, "5.0": V5_0 } as const satisfies Record<string, Contract>;

/** A version of OpenShift, or OKD, that assets are rendered for. */
export type OpenShiftVersion = keyof typeof CONTRACTS;

/** Oldest first. */
export const OPENSHIFT_VERSIONS = Object.keys(CONTRACTS) as readonly OpenShiftVersion[];

export const DEFAULT_VERSION: OpenShiftVersion = "4.21";

/** @param distribution of which the version is; that of OpenShift decides where nothing is asked that OKD has otherwise */
export const contractOf = (version: OpenShiftVersion, distribution: Distribution = "openshift"): Contract =>
  distribution === "okd" ? okdContract(CONTRACTS[version]) : CONTRACTS[version];

/**
 * The same version of OKD: on CentOS Stream CoreOS, with the community's releases and updates. Tags of its releases end with their number on that system.
 * Source: openshift/installer, the differences of a build for OKD, by description.
 */
function okdContract(contract: Contract): Contract {
  const hasStreams = contract.defaultOsImageStream !== undefined;
  return {
    ...contract,
    channel: "stable-scos-4",
    updateService: "https://amd64.origin.releases.ci.openshift.org/graph",
    releaseImage: (version) => `quay.io/okd/scos-release:${version.includes("-") ? version : `${version}-okd-scos.0`}`,
    journalGateway: false,
    bootstrap: { ...contract.bootstrap, nodeImage: "stream-coreos" },
    ...(hasStreams ? { defaultOsImageStream: "centos-10", osImageStreams: ["centos-10"] } : {}),
  };
}

/** What the assets of a cluster's version are like. */
export const contractOfCluster = ({ release, config }: ClusterRelease): Contract => contractOf(release.version, config.distribution);

interface ClusterRelease {
  readonly release: { readonly version: OpenShiftVersion };
  readonly config: { readonly distribution: Distribution };
}

export const isKnownVersion = (text: string): text is OpenShiftVersion => Object.hasOwn(CONTRACTS, text);

/** Why versions that once were supported by OpenShift are not supported here; undefined for one that never was. */
export const refusalOf = (version: string): string | undefined =>
  /^4\.1[678]$/.test(version) ? "is out of maintenance, and its cloud config and bootstrap are others" : undefined;

import type { GateName, GateState } from "./gate-state.ts";

/** By what OpenShift's versions differ, in the installer's assets and in the keys of an install-config. */
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
  /** Kubeconfigs say that there are no preferences. */
  readonly emptyPreferences: boolean;
  /** The stream of the operating system that machines have without `osImageStream`; absent before there were several. */
  readonly defaultOsImageStream?: OsImageStream;
  /** Of the object that names the cluster's stream. */
  readonly osImageStreamVersion: "v1alpha1" | "v1";
  /** Those that there are to choose from. */
  readonly osImageStreams: readonly OsImageStream[];
  readonly metal: MetalContract;
  /** A control plane of one machine is possible on all platforms; else only where the user makes the machines. */
  readonly singleNodeEverywhere: boolean;
  /** The cluster gets fencing credentials in Secrets; else only in the install-config that it keeps. */
  readonly fencingSecrets: boolean;
  /** Fencing credentials say whether certificates are checked; else the installer reads nothing of it. */
  readonly fencingCertificates: boolean;
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
  /** The first VIP is of the family that each list of networks begins with; else one VIP of that of the machine networks. */
  readonly vipsByAllNetworks: boolean;
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
  /** A URL's host has no colons but in brackets; else what follows the last one is the port. */
  readonly oneColonInHosts: boolean;
  readonly inventory: InventoryContract;
  /** The unit that mounts the temporary repository of OS images on the bootstrap machine. */
  readonly ostreeMount: string;
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
}

type OsImageStream = "rhel-9" | "rhel-10" | "centos-10";

/** What differs where machines are placed in the inventory of a virtualization manager. */
export interface InventoryContract {
  /** The cloud provider's config has only what is set; else every key there is. */
  readonly sparseCloudConfig: boolean;
  /** It says which addresses of nodes count, and leaves out a port that was not given. */
  readonly cloudConfigNodes: boolean;
  /** Which addresses of nodes count is said whatever gates are open. */
  readonly alwaysNodeNetworking: boolean;
  /** A VIP that is a machine network already is not named again. */
  readonly networksOnce: boolean;
  /** MachineSets keep an image that the user has given. */
  readonly keepsOwnBootImages: boolean;
  /** The cluster keeps all of the platform's part of the install-config. */
  readonly keepsWholePlatform: boolean;
  /** Of sizes in it, that there are no data disks is said too. */
  readonly saysNoDisks: boolean;
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
  /** Machines become hosts that do not say another stream; else only those that say their own. */
  readonly hostsWithoutStream: boolean;
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

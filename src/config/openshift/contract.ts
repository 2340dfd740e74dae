import type { Contract } from "./capabilities.ts";
import type { Distribution } from "../distribution.ts";
import type { GateName } from "./gate-state.ts";

export type { Contract, InventoryContract } from "./capabilities.ts";
export type { GateName };

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
  emptyPreferences: true,
  osImageStreamVersion: "v1alpha1",
  osImageStreams: [],
  ostreeMount: "var-ostree\\x2dcontainer.mount",
  singleNodeEverywhere: true,
  fencingSecrets: false,
  fencingCertificates: false,
  fencingAddressChecked: false,
  metal: {
    architectures: false,
    streams: false,
    hostsWithoutStream: false,
    gateway: false,
    extractsMachineOs: true,
    waitsForIptables: true,
    checksMtu: false,
  },
  sourcePolicy: false,
  dualStackMachineConfigs: false,
  shortValidity: { day: 1, year: 2 },
  ipv6FirstElsewhere: false,
  vipsByAllNetworks: false,
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
  },
  dnsRecords: false,
  oneColonInHosts: false,
  inventory: {
    sparseCloudConfig: false,
    cloudConfigNodes: false,
    alwaysNodeNetworking: false,
    networksOnce: false,
    keepsOwnBootImages: false,
    keepsWholePlatform: false,
    saysNoDisks: true,
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
  fencingSecrets: true,
  fencingCertificates: true,
  metal: { ...V4_19.metal, checksMtu: true },
  singleNodeEverywhere: false,
  ipv6FirstElsewhere: true,
  vipsByAllNetworks: true,
  sshKeyByLine: true,
  shortValidity: { day: 2, year: 4 },
  inventory: { ...V4_19.inventory, zonesOnce: true },
};

const V4_21: Contract = {
  ...V4_20,
  channel: "stable-4.21",
  gates: { ...V4_20.gates, OnPremDNSRecords: "preview", NoRegistryClusterInstall: "preview", ClusterAPIMachineManagement: "preview" },
  nullCreationTimestamps: false,
  emptyPreferences: false,
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
  inventory: {
    ...V4_21.inventory,
    keepsOwnBootImages: true,
    sparseCloudConfig: true,
    keepsWholePlatform: true,
    newIpamBehindGate: false,
    checksDatacenters: true,
  },
};

const V5_0: Contract = {
  ...V4_22,
  channel: "stable-5.0",
  gates: { ...V4_22.gates, OSStreams: "default", ConfigurablePKI: "preview", CRDCompatibilityRequirementOperator: "preview" },
  defaultOsImageStream: "rhel-10",
  osImageStreamVersion: "v1",
  metal: { ...V4_22.metal, hostsWithoutStream: true },
  okdFeatureSet: true,
  newerCapabilities: true,
  oneColonInHosts: true,
  konnectivity: true,
  bootstrap: {
    ...V4_22.bootstrap,
    cvoReadsClusterVersion: true,
    etcdReadsManifests: true,
    kubeletPauseImage: false,
    keepsCryptoPolicies: true,
  },
  inventory: { ...V4_22.inventory, cloudConfigNodes: true, alwaysNodeNetworking: true, saysNoDisks: false },
};

/**
 * What differs between OpenShift's versions, in the installer's assets and in the keys of an install-config: the only place that knows. Everything
 * else asks a contract for a capability and never compares versions; `tools/source-rules.ts` holds that.
 * Source: openshift/installer, branches release-4.19 to release-4.21 and main at 2026-08, by description.
 */
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

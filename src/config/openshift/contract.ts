/**
 * What differs between OpenShift's versions, in the installer's assets and in the keys of an install-config: the only place that knows. Everything
 * else asks a contract for a capability and never compares versions; `tools/source-rules.ts` holds that.
 * Source: openshift/installer, branches release-4.19 to release-4.21 and main at 2026-08, by description.
 */
export interface Contract {
  /** ClusterVersion's channel. */
  readonly channel: string;
  /** The objects that Go's types write have `metadata.creationTimestamp: null`. */
  readonly nullCreationTimestamps: boolean;
  /** Machines boot an operating system of a stream, `osImageStream`; without the key this one. */
  readonly defaultOsImageStream?: string;
  /** ImageDigestMirrorSet and registries.conf know that a source must never be asked. */
  readonly sourcePolicy: boolean;
  /** Every platform gets kernel arguments for two families; else only those that ask for it. */
  readonly dualStackMachineConfigs: boolean;
  /** The unit that mounts the temporary repository of OS images on the bootstrap machine. */
  readonly ostreeMount?: string;
  /** The bootstrap machine has the files of konnectivity. */
  readonly konnectivity: boolean;
}

const V4_19: Contract = {
  channel: "stable-4.19",
  nullCreationTimestamps: true,
  sourcePolicy: false,
  dualStackMachineConfigs: false,
  konnectivity: false,
};
const V4_20: Contract = { ...V4_19, channel: "stable-4.20", dualStackMachineConfigs: true, ostreeMount: "var-ostree\\x2dcontainer.mount" };
const V4_21: Contract = {
  ...V4_20,
  channel: "stable-4.21",
  nullCreationTimestamps: false,
  sourcePolicy: true,
  ostreeMount: "var-ostreecontainer.mount",
};
const V4_22: Contract = { ...V4_21, channel: "stable-4.22" };
const V5_0: Contract = { ...V4_22, channel: "stable-5.0", defaultOsImageStream: "rhel-10", konnectivity: true };

const CONTRACTS = { "4.19": V4_19, "4.20": V4_20, "4.21": V4_21, "4.22": V4_22, "5.0": V5_0 } as const satisfies Record<string, Contract>;

/** A version of OpenShift, or OKD, that assets are rendered for. */
export type OpenShiftVersion = keyof typeof CONTRACTS;

/** Oldest first. */
export const OPENSHIFT_VERSIONS = Object.keys(CONTRACTS) as readonly OpenShiftVersion[];

export const DEFAULT_VERSION: OpenShiftVersion = "4.21";

export const contractOf = (version: OpenShiftVersion): Contract => CONTRACTS[version];

export const isKnownVersion = (text: string): text is OpenShiftVersion => Object.hasOwn(CONTRACTS, text);

/** Why versions that once were supported by OpenShift are not supported here; undefined for one that never was. */
export const refusalOf = (version: string): string | undefined =>
  /^4\.1[678]$/.test(version) ? "is out of maintenance, and its cloud config and bootstrap are others" : undefined;

import type { ClusterSpec } from "../cluster-spec.ts";
import type { Identity } from "../identity.ts";
import type { InstallConfig } from "../install-config.ts";
import type { Contract } from "../openshift/contract.ts";
import type { OpenShiftSpec } from "../openshift/openshift-spec.ts";

/** What the assets of a platform alone are made from. */
export interface PlatformAssetInput {
  readonly spec: ClusterSpec;
  readonly openshift: OpenShiftSpec;
  readonly contract: Contract;
  readonly identity: Identity;
}

/** A manifest with one object. */
export interface PlatformManifest {
  /** `manifests/…` or `openshift/…` */
  readonly path: string;
  readonly object: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly metadata: { readonly name: string; readonly namespace?: string; readonly [key: string]: unknown };
    readonly [key: string]: unknown;
  };
  /** OpenShift's installer writes it as a text of its own, not as an object of Go's types. */
  readonly isText?: true;
}

/** A file of the bootstrap machine. */
export interface PlatformFile {
  /** Absolute path of a file. */
  readonly path: string;
  /** Below `templates/openshift`; default: the path, below the platform's own `files`. */
  readonly template?: string;
  readonly values?: Readonly<Record<string, string | number>>;
}

/** What the assets of an OpenShift cluster have of a platform alone. */
export interface OpenShiftPlatform {
  /** How the Infrastructure object calls the platform. */
  readonly type: string;
  /** Beside the type, in the spec and in the status of that object. */
  platformSpec?(input: PlatformAssetInput): Readonly<Record<string, unknown>>;
  platformStatus?(input: PlatformAssetInput): Readonly<Record<string, unknown>>;
  /** With one control-plane machine Ingress is on it, whatever compute machines there are: nobody balances load. */
  readonly ingressOnSingleNode?: boolean;
  /** Config of the cluster's cloud provider, in YAML; absent where it has none. */
  cloudConfig?(input: PlatformAssetInput): string;
  /** Manifests that no other platform has. */
  manifests?(input: PlatformAssetInput): readonly PlatformManifest[];
  /** The platform's part of the install-config as the cluster keeps it, where OpenShift's installer writes something else than was given. */
  keptConfig?(platform: unknown, contract: Contract): unknown;
  /** A pool's part, in the same way. */
  keptPool?(pool: unknown, config: InstallConfig, contract: Contract): unknown;
  /** Files of the bootstrap machine. */
  bootstrapFiles?(input: PlatformAssetInput): readonly PlatformFile[];
  /** Machines ask for addresses of two families in every version. */
  readonly dualStackMachineConfigs?: true;
  /** Where a machine finds a data disk of its pool. @param index of the disk */
  dataDiskDevice?(index: number): string;
}

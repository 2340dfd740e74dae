import type { ClusterSpec } from "../cluster-spec.ts";
import type { InstallConfig } from "../install-config.ts";
import type { PlatformAssetInput } from "../openshift/asset-input.ts";
import type { Contract } from "../openshift/contract.ts";
import type { PlatformName } from "./keys.ts";

export type { PlatformAssetInput };

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

/** A file or a unit of the bootstrap machine. */
export interface PlatformFile {
  /** Absolute path of a file, name of a unit. */
  readonly path: string;
  /** Below `templates/openshift`; default: the path, below the platform's own `files`. */
  readonly template?: string;
  readonly values?: Readonly<Record<string, string | number>>;
}

export interface PlatformUnit extends PlatformFile {
  /** It starts by itself. */
  readonly enabled?: true;
}

/** A certificate, signed by its own key, of a server that machines reach by the addresses of the API. */
export interface PlatformCertificate {
  /** Name of the row in the table of keys, and of the subject. */
  readonly name: string;
  /** Below the bootstrap machine's folder of keys, without `.crt` and `.key`. */
  readonly file: string;
  /** IP addresses beside the API's. */
  readonly addresses: readonly string[];
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
  /** Name of the Secret with a pool's pointer; absent: `<pool>-user-data`. */
  userDataName?(spec: ClusterSpec, pool: string): string;
  /** The platform's part of the install-config as the cluster keeps it, where OpenShift's installer writes something else than was given. */
  keptConfig?(platform: unknown, contract: Contract): unknown;
  /** Keys of values in these parts that stay as they are; others are left out where they are empty, false or 0. */
  readonly keptAsGiven?: readonly string[];
  /** A pool's part, in the same way. */
  keptPool?(pool: unknown, config: InstallConfig, contract: Contract): unknown;
  certificates?(spec: Pick<ClusterSpec, "platform">): readonly PlatformCertificate[];
  /** Files of the bootstrap machine. @param keyOf private keys of `certificates`, in PEM, by name */
  bootstrapFiles?(input: PlatformAssetInput, keyOf: (certificate: string) => string): readonly PlatformFile[];
  bootstrapUnits?(input: PlatformAssetInput): readonly PlatformUnit[];
  /** Machines ask for addresses of two families in every version. */
  readonly dualStackMachineConfigs?: true;
  /** Where a machine finds a data disk of its pool. @param index of the disk */
  dataDiskDevice?(index: number): string;
  /** The platform's section of metadata.json, on platforms whose machines nobody creates here. */
  metadata?(spec: Pick<ClusterSpec, "platform">): Readonly<Record<string, unknown>>;
}

/** OpenShift has no such platform: the assets are those of the same cluster on another one. */
export interface RenderedAs {
  readonly as: PlatformName;
  /** The install-config of that cluster, before that platform's defaults. For one that fulfils all rules. */
  config(config: InstallConfig): InstallConfig;
}

import type { ClusterSpec, Distribution, Identity, MachinePlan } from "../config/index.ts";
import type { IgnitionConfig } from "./ignition/types.ts";
import type { KubeconfigRow } from "./kubeconfig.ts";
import type { Manifest } from "./manifests/manifest.ts";
import type { TemplateSource } from "./templates.ts";
import type { Tls } from "./tls/material.ts";
import type { TlsTable } from "./tls/table.ts";

/** What a distribution renders from: everything decided, nothing to be fetched. */
export interface AssetContext {
  readonly spec: ClusterSpec;
  readonly identity: Identity;
  /** All machines, bootstrap first. */
  readonly machines: readonly MachinePlan[];
  readonly tls: Tls;
  /** Kubeconfig texts by the paths of the renderer's own table. */
  readonly kubeconfigs: ReadonlyMap<string, string>;
  readonly templates: TemplateSource;
  /** Present where the renderer says `kubeadminPassword`. */
  readonly kubeadmin?: { readonly password: string; readonly hash: string };
}

/** The last step: the user's edits are in, and the pool configs are made. */
export interface BootstrapContext extends AssetContext {
  /** Manifest texts by path (`manifests/…`, `openshift/…`), after the user's edits, additions and removals. */
  readonly manifests: ReadonlyMap<string, string>;
  /** Paths of `manifests` with an object of kind Secret: 0600 on the machine as well. */
  readonly secretManifests: ReadonlySet<string>;
  /** What the machine-config server hands out, by pool name (`master`, `worker`). */
  readonly machineConfigs: ReadonlyMap<string, IgnitionConfig>;
}

/**
 * All that differs between distributions. Pure: the same context gives the same result, byte by byte.
 * Called in this order: tlsTable, kubeconfigs, manifests, machineConfigs, bootstrapIgnition.
 */
export interface DistributionRenderer {
  readonly distribution: Distribution;
  readonly tlsTable: TlsTable;
  readonly kubeconfigs: readonly KubeconfigRow[];
  /** Whether the cluster has a kubeadmin user. */
  readonly kubeadminPassword: boolean;
  /** Row of the TLS table (ed25519) that signs the tokens of machines; absent where the machine-config server asks for none. */
  readonly tokenKey?: string;
  /** Names of the pools whose machines start with a pointer; absent: control plane and compute. */
  pools?(spec: ClusterSpec): readonly string[];
  /** Whether `manifests/cluster-config.yaml` is among its manifests; absent: it is the user's file without its secrets. */
  readonly ownClusterConfig?: boolean;
  manifests(context: AssetContext): readonly Manifest[];
  /** The same in parts that have sources of their own; absent: it is one. */
  readonly manifestGroups?: readonly ((context: AssetContext) => readonly Manifest[])[];
  /** What becomes of a pointer that the user has changed, beside its being used as it is; absent: nothing. */
  pointerManifest?(context: AssetContext, pool: string, pointer: IgnitionConfig): Manifest;
  machineConfigs(context: AssetContext): ReadonlyMap<string, IgnitionConfig>;
  bootstrapIgnition(context: BootstrapContext): IgnitionConfig;
  /** A machine that becomes a cluster of one without another's help; absent where there is no such thing. */
  readonly inPlace?: {
    /** Name of the asset, in place of `bootstrap.ign`. */
    readonly file: string;
    ignition(context: BootstrapContext): IgnitionConfig;
  };
}

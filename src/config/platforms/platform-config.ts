import type { MachinePool, PlatformSpec, StaticHost, Vips } from "../cluster-spec.ts";
import type { InstallConfig, Pool } from "../install-config.ts";
import type { IssueDraft } from "../issue.ts";
import type { PlatformName } from "./schemas.ts";

/** What a rule may be allowed by. Given by whoever may read it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** VIP keys as all on-premises platforms have them. */
export interface VipConfig {
  readonly apiVIPs?: readonly string[] | undefined;
  readonly ingressVIPs?: readonly string[] | undefined;
  readonly loadBalancer?: { readonly type?: "OpenShiftManagedDefault" | "UserManaged" | undefined } | undefined;
}

/** Whether a load balancer of the user's carries the VIPs. */
export const isUserManaged = (config: VipConfig | undefined): boolean => config?.loadBalancer?.type === "UserManaged";

export interface PoolSize {
  readonly cpus: number;
  readonly memoryMB: number;
  readonly diskSizeGB: number;
}

/** Gates of OpenShift that keys of the install-config are behind. */
export type FeatureGate = "VSphereMultiNetworks" | "VSphereMultiDisk" | "DualReplica" | "OSStreams" | "MultiDiskSetup" | "ConfigurablePKI";

/** A key in use that OpenShift knows only behind a feature gate. */
export interface GatedKey {
  readonly path: string;
  readonly gate: FeatureGate;
}

/** What a platform adds to the install-config. One a platform; `registry.ts` lists them. */
export interface PlatformConfig {
  readonly name: PlatformName;
  /** Its clusters find themselves by the machines' own VIPs, and their name must be one DNS label. */
  readonly onPremises: boolean;
  /** Fills in the platform's own keys, after those of the neutral part. */
  applyDefaults?(config: InstallConfig): InstallConfig;
  /** The platform's VIP keys; undefined where it has none. */
  vips?(config: InstallConfig): VipConfig | undefined;
  /** Rules of `platform.<name>` and `*.platform.<name>`, beyond structure. */
  rules(config: InstallConfig, env: Environment): readonly IssueDraft[];
  /** What is allowed, but should be known. */
  warnings?(config: InstallConfig): readonly IssueDraft[];
  /** Its keys that need a feature gate on OpenShift. */
  gates?(config: InstallConfig): readonly GatedKey[];
  /** How a path of this platform is shown, where that differs from where the key stands. */
  shownPath?(path: string): string;
  /** For a config that fulfils all rules. */
  platformSpec(config: InstallConfig): PlatformSpec;
  /** A pool's size, and what it has on this platform alone. */
  poolSize(config: InstallConfig, pool: Pool): PoolSize & Pick<MachinePool, "vsphere">;
  staticHosts?(config: InstallConfig): readonly StaticHost[];
  /** Names of a pool's data disks; absent where machines have none. */
  dataDisks?(config: InstallConfig, pool: Pool): readonly string[];
}

export const vipsOf = (config: VipConfig | undefined): Vips => ({ api: config?.apiVIPs ?? [], ingress: config?.ingressVIPs ?? [] });

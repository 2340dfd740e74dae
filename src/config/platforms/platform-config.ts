import type { z } from "zod";
import type { ClusterSpec, Distribution, MachinePool, MachineRole, MachineSize, PlatformSpec, StaticHost, Vips } from "../cluster-spec.ts";
import type { InstallConfig, Pool, RawInstallConfig } from "../install-config.ts";
import type { IssueDraft } from "../issue.ts";
import type { MachinePlan } from "../cluster-spec.ts";
import type { EffectTable } from "../fields/effect.ts";
import type { GateName } from "../openshift/contract.ts";
import type { MacRange } from "../network/mac-address.ts";
import type { Conversion } from "./conversion.ts";
import type { PlatformName } from "./keys.ts";
import type { OpenShiftPlatform, RenderedAs } from "./openshift-platform.ts";
import type { Questions } from "./questions.ts";
import type { Environment } from "../../util/index.ts";

/** VIP keys as all on-premises platforms have them. */
export interface VipConfig {
  readonly apiVIPs?: readonly string[] | undefined;
  readonly ingressVIPs?: readonly string[] | undefined;
  readonly loadBalancer?: { readonly type?: "OpenShiftManagedDefault" | "UserManaged" | undefined } | undefined;
}

/** Whether the user's load balancer carries the VIPs. */
export const isUserManaged = (config: VipConfig | undefined): boolean => config?.loadBalancer?.type === "UserManaged";

/** A key in use that OpenShift knows only behind a feature gate. */
export interface GatedKey {
  readonly path: string;
  readonly gate: GateName;
}

/** What a credential refers to, or the text itself; what is wrong with the reference is noted under the path. */
export type ResolveCredential = (text: string | undefined, path: string) => string | undefined;

/** All that is known of a platform before anything is asked of it. One a platform; `registry.ts` lists them. */
export interface PlatformConfig {
  readonly name: PlatformName;
  /** What may stand under `platform.<name>`. */
  readonly schema: z.ZodType;
  /** What may stand under a pool's `platform.<name>`; absent: nothing. */
  readonly poolSchema?: z.ZodType;
  /** virt-ipi creates its machines, from the node image; elsewhere the user brings them. */
  readonly makesMachines: boolean;
  /** Machines are hardware that may have a management controller: fencing and arbiters are possible. */
  readonly isHardware?: boolean;
  /** OpenShift with one control-plane machine: possible, or only by `bootstrapInPlace`; absent: not since it is checked. */
  readonly singleNode?: "possible" | "in place";
  /** Platforms that OpenShift's installer takes where they are given beside this one, of which it then reads nothing. */
  readonly yieldsTo?: readonly PlatformName[];
  /** The cluster itself switches that hardware on and off. */
  readonly managesHardware?: boolean;
  /** Compute machines can be created by the cluster itself. */
  readonly hasMachineSets?: boolean;
  /** OpenShift replaces its control-plane machines by a ControlPlaneMachineSet. */
  readonly hasControlPlaneMachineSet?: boolean;
  /** Names of what a pool's machines are spread over, in turn: each has a MachineSet of its own. Absent: a pool is one MachineSet. */
  zones?(pool: MachinePool): readonly string[];
  /** Shell command by which a machine that the cluster created learns its name; absent where the name is among what it is started with. */
  readonly hostNameCommand?: string;
  /** Its clusters find themselves by the machines' own VIPs, and their name must be one DNS label. */
  readonly onPremises: boolean;
  /** What its keys do, where that is not what all of `platform.<name>` does; by the key's path. */
  readonly effects?: EffectTable;
  /** Texts on defaults of neutral keys that the platform has its own value for, by the key's path. */
  readonly defaultTexts?: Readonly<Record<string, string>>;
  /** The distribution of a file that names none and has no pull secret; absent: openshift. */
  readonly distributionWithoutPullSecret?: Distribution;
  /** CIDR of the machine network of a file that names none; undefined or absent: that of OpenShift. */
  machineNetwork?(config: RawInstallConfig): string | undefined;
  /** Deprecated keys to the ones of today. */
  convert?(config: RawInstallConfig, conversion: Conversion): RawInstallConfig;
  /** Puts in what `env:NAME` and `file:PATH` refer to, for the platform's credentials. */
  resolveCredentials?(config: InstallConfig, resolve: ResolveCredential): InstallConfig;
  /** Fills in the platform's own keys, after those of the neutral part. */
  applyDefaults?(config: InstallConfig): InstallConfig;
  /** The platform's VIP keys; undefined where it has none. */
  vips?(config: InstallConfig): VipConfig | undefined;
  /** OpenShift's installer refuses VIPs outside of the machine networks, where they are not the user's load balancer. */
  readonly checksVipPlaces?: boolean;
  /** Rules of `platform.<name>` and `*.platform.<name>`, beyond structure. */
  rules(config: InstallConfig, env: Environment): readonly IssueDraft[];
  /** What is allowed, but should be known. */
  warnings?(config: InstallConfig): readonly IssueDraft[];
  /** Its keys that need a feature gate on OpenShift. */
  gates?(config: InstallConfig): readonly GatedKey[];
  /** How a path of this platform is shown, where that differs from where the key stands. */
  shownPath?(path: string): string;
  /** How assets of OpenShift are rendered for it. */
  readonly openshift: OpenShiftPlatform | RenderedAs;
  /** For a config that fulfils all rules. */
  platformSpec(config: InstallConfig): PlatformSpec;
  /** The spec without the platform's credentials: what assets are made from, so that a new password is no change of the cluster. */
  withoutCredentials?(spec: ClusterSpec): ClusterSpec;
  /** Values in the platform's part of the spec that must never be shown; credentials in URLs are found without it. */
  secrets?(spec: ClusterSpec): readonly string[];
  /** A pool's size, and what it has on this platform alone. */
  poolSize(config: InstallConfig, pool: Pool): MachineSize & Partial<MachinePool>;
  /** Size of the bootstrap machine; absent: as the control plane's. */
  bootstrapSize?(spec: ClusterSpec): MachineSize;
  /** What is decided about a machine on this platform alone. */
  machine?(role: MachineRole, index: number, pool: MachinePool, host: StaticHost | undefined): Partial<MachinePlan>;
  /** Where machines that nobody gave a MAC address have theirs from; absent: the range that QEMU leaves to its users. */
  readonly macRange?: MacRange;
  /** CIDR of the machine network, where virt-ipi creates it and decides all addresses in it. */
  managedNetwork?(spec: ClusterSpec): string | undefined;
  /** What `create install-config` asks for the platform; absent: it does not offer it. */
  readonly questions?: Questions;
  staticHosts?(config: InstallConfig): readonly StaticHost[];
  /** Names of a pool's data disks; absent where machines have none. */
  dataDisks?(config: InstallConfig, pool: Pool): readonly string[];
}

export const vipsOf = (config: VipConfig | undefined): Vips => ({ api: config?.apiVIPs ?? [], ingress: config?.ingressVIPs ?? [] });

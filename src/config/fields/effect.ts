import type { Distribution } from "../cluster-spec.ts";

/** Where the effect of a key is seen: in what machines are given, in the machines themselves, in the cluster's API, or in virt-ipi alone. */
export type Place = "machines" | "infrastructure" | "cluster" | "installer";

/** What a key of the install-config does. A reason is the end of a message that begins with the key's path. */
export type Effect =
  | { readonly is: "effective"; readonly where: Place }
  /** Any other value is refused; these say nothing that is not so without them. */
  | { readonly is: "only"; readonly values: readonly unknown[]; readonly reason: string }
  | { readonly is: "refused"; readonly reason: string }
  /** Accepted with a warning: OpenShift's own file has the key, and it can mean nothing here. */
  | { readonly is: "ignored"; readonly reason: string };

/** What the effect of a key may depend on; see `PlatformConfig`. */
export interface PlatformTraits {
  readonly isHardware?: boolean;
  readonly dataDisks?: unknown;
  readonly hasMachineSets?: boolean;
  readonly hasControlPlaneMachineSet?: boolean;
}

export interface KeyEffects {
  readonly effects: Readonly<Record<Distribution, Effect>>;
  /** Platforms that have the key at all, and why the others refuse it; absent: all. */
  readonly platforms?: { readonly have: (platform: PlatformTraits) => boolean; readonly reason: string };
  /** A rule of its own says in its own words what is refused, since it depends on more than the key. */
  readonly hasOwnRule?: true;
}

/** By path as in `networking.clusterNetwork[].cidr`. What holds for a key holds for those below it that have no entry. */
export type EffectTable = Readonly<Record<string, KeyEffects>>;

export const effective = (where: Place): Effect => ({ is: "effective", where });
export const only = (reason: string, ...values: readonly unknown[]): Effect => ({ is: "only", values, reason });
export const refused = (reason: string): Effect => ({ is: "refused", reason });
export const ignored = (reason: string): Effect => ({ is: "ignored", reason });

export const everywhere = (effect: Effect): KeyEffects => ({ effects: { kubernetes: effect, openshift: effect, okd: effect } });

/** A key whose effect on upstream Kubernetes is another than on OpenShift and OKD. */
export const byDistribution = (kubernetes: Effect, openshift: Effect): KeyEffects => ({ effects: { kubernetes, openshift, okd: openshift } });

/** A key that only OpenShift and OKD know; with `values`, these are taken all the same. */
export const openshiftOnly = (where: Place, ...values: readonly unknown[]): KeyEffects =>
  byDistribution(values.length === 0 ? refused(OPENSHIFT_FEATURE) : only(OPENSHIFT_FEATURE, ...values), effective(where));

const OPENSHIFT_FEATURE = "is a feature of OpenShift, not of distribution kubernetes";

import type { MachinePool } from "../config/index.ts";
import type { Manifest } from "../pulumi/kubernetes/index.ts";

/** What the machines of a MachineSet, or one of the control plane, are made by. */
export interface MachinesOfPool {
  readonly pool: MachinePool;
  /** One of `PlatformConfig.zones`; absent where the platform has no such choice. */
  readonly zone?: string;
}

/** Names of what a Machine refers to in its own namespace. */
export interface MachineReferences {
  /** Of the Secret that it is started with. */
  readonly userDataSecret: string;
}

/** A platform's part of the Machine API in a cluster: what its program knows that has found all places. Values may be Pulumi's outputs. */
export interface MachineApiPart {
  /** `providerSpec.value` of Machines. */
  providerSpec(machines: MachinesOfPool, references: MachineReferences): Readonly<Record<string, unknown>>;
  /** What the controllers read beside Machines, in an order in which it can be created. @param namespace of the Machines */
  objects?(namespace: string): readonly Manifest[];
}

/** A rule of RBAC (rbac.authorization.k8s.io/v1). */
export interface RbacRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

/** What the controllers need on a platform beside what they need on each. */
export interface MachineApiNeeds {
  /** Kinds whose definitions must be there, as `<plural>.<group>`. */
  readonly definitions: readonly string[];
  /** Permissions in the whole cluster, in the namespace of the Machines, and in others by their names. */
  readonly rules: {
    readonly cluster: readonly RbacRule[];
    readonly machines: readonly RbacRule[];
    readonly namespaces: Readonly<Record<string, readonly RbacRule[]>>;
  };
}

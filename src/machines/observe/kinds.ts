import { objectKind, type KubeClient } from "../../kube/index.ts";
import { NAMESPACE } from "../names.ts";

export const API_VERSION = "machine.openshift.io/v1beta1";

/** What the Machine API's objects say, as far as we read it (machine.openshift.io/v1beta1). */
export const MACHINE_KINDS = {
  machines: objectKind(API_VERSION, "Machine"),
  machineSets: objectKind(API_VERSION, "MachineSet"),
} as const;

interface Metadata {
  readonly name: string;
  readonly uid?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
}

export interface Machine {
  readonly metadata: Metadata;
  readonly spec: { readonly providerID?: string; readonly lifecycleHooks?: { readonly preDrain?: readonly object[] } };
  readonly status?: {
    readonly phase?: string;
    readonly errorReason?: string;
    readonly errorMessage?: string;
    readonly nodeRef?: { readonly name: string };
    readonly addresses?: readonly { readonly type: string; readonly address: string }[];
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly reason?: string; readonly message?: string }[];
  };
}

export interface MachineSet {
  readonly metadata: Metadata & { readonly generation?: number };
  readonly spec: { readonly replicas?: number; readonly deletePolicy?: string };
  readonly status?: { readonly replicas?: number; readonly readyReplicas?: number; readonly observedGeneration?: number };
}

/** All Machines; none where the API does not know the kind. @throws API errors */
export const readMachines = async (client: KubeClient, signal?: AbortSignal): Promise<readonly Machine[]> =>
  (await client.list<Machine>(MACHINE_KINDS.machines, NAMESPACE, signal)) ?? [];

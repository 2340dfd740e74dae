import type { KubeClient } from "../../kube/index.ts";
import { NAMESPACE } from "../names.ts";
import { MACHINE_KINDS, type Machine } from "./kinds.ts";

/** A machine that the cluster created, as its controller found it. */
export interface CreatedMachine {
  readonly name: string;
  /** Undefined while none is known. */
  readonly address: string | undefined;
}

/** Machines whose virtual machine exists: whose kubelets may ask for certificates. @throws API errors */
export async function createdMachines(client: KubeClient, signal?: AbortSignal): Promise<readonly CreatedMachine[]> {
  const machines = (await client.list<Machine>(MACHINE_KINDS.machines, NAMESPACE, signal)) ?? [];
  return machines
    .filter(({ metadata, status }) => metadata.deletionTimestamp === undefined && (status?.phase === "Provisioned" || status?.phase === "Running"))
    .map(({ metadata, status }) => ({
      name: metadata.name,
      address: status?.addresses?.find(({ type }) => type === "InternalIP")?.address,
    }));
}

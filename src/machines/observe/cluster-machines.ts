import type { KubeClient } from "../../kube/index.ts";
import { internalAddressOf } from "../../providers/index.ts";
import { readMachines } from "./kinds.ts";

/** A machine that the cluster created, as its controller found it. */
export interface CreatedMachine {
  readonly name: string;
  /** Undefined while none is known. */
  readonly address: string | undefined;
}

/** Machines whose virtual machine exists: whose kubelets may ask for certificates. @throws API errors */
export async function createdMachines(client: KubeClient, signal?: AbortSignal): Promise<readonly CreatedMachine[]> {
  const machines = await readMachines(client, signal);
  return machines
    .filter(({ metadata, status }) => metadata.deletionTimestamp === undefined && (status?.phase === "Provisioned" || status?.phase === "Running"))
    .map((machine) => ({ name: machine.metadata.name, address: internalAddressOf(machine) }));
}

import { plannedAddresses, reservedAddresses, type ClusterSpec, type MachinePlan } from "../config/index.ts";
import { approvePendingCsrs, type ClusterMachine, type CsrRound } from "../cluster/index.ts";
import type { KubeClient } from "../kube/index.ts";
import { createdMachines } from "../machines/index.ts";

/**
 * Approves once what the kubelets of machines ask for that the cluster has created, by the rules for all machines: the name of a Machine whose
 * virtual machine is there, and the address that was found of it. Requests of the installer's own machines are left alone.
 * @param machines those of the installer, whose addresses are nobody else's
 * @throws API errors of the lists
 */
export async function approveMachineCertificates(
  client: KubeClient,
  { spec, machines }: { readonly spec: ClusterSpec; readonly machines: readonly MachinePlan[] },
  signal?: AbortSignal,
): Promise<CsrRound> {
  const own = (await createdMachines(client, signal)).map(({ name, address }): ClusterMachine => ({ name, role: "compute", address }));
  const policy = {
    machines: own,
    clusterDomain: spec.clusterDomain,
    machineNetwork: spec.networking.machineNetwork,
    reserved: [...reservedAddresses(spec), ...machines.flatMap(plannedAddresses)],
  };
  return await approvePendingCsrs(client, policy, ["compute"], signal);
}

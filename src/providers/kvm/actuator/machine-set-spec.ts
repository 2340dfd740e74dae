import type { MachineReferences, MachinesOfPool } from "../../machine-api.ts";
import { API_VERSION, KIND, type KvmProviderSpec } from "./provider-spec.ts";

/** What the machines of a MachineSet shall be. Host, pool, network and image are the cluster's own where it does not say. */
export const machineSetSpec = ({ pool }: MachinesOfPool, { userDataSecret }: MachineReferences): KvmProviderSpec => ({
  apiVersion: API_VERSION,
  kind: KIND,
  cpus: pool.cpus,
  memoryMB: pool.memoryMB,
  osDisk: { diskSizeGB: pool.diskSizeGB },
  userDataSecret: { name: userDataSecret },
});

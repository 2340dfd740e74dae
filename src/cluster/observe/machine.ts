import type { MachinePlan, MachineRole } from "../../config/index.ts";

/** A machine as far as a cluster's nodes have to do with it. */
export interface ClusterMachine {
  /** Of VM, host and node. */
  readonly name: string;
  readonly role: MachineRole;
  /** Where we decide it; without prefix length. */
  readonly address: string | undefined;
}

export const clusterMachineOf = ({ name, role, ipAddress }: MachinePlan): ClusterMachine => ({ name, role, address: ipAddress });

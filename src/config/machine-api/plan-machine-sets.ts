import type { ClusterSpec, MachinePool } from "../cluster-spec.ts";
import type { Identity } from "../identity.ts";
import { present } from "../optional.ts";
import { autoscalingShare, type Autoscaling } from "./autoscaling.ts";
import type { HealthCheck } from "./health-check.ts";

/** One MachineSet: machines that are alike. */
export interface MachineSetPlan {
  /** `<infraID>-<pool>`; its machines are `<infraID>-<pool>-<5 characters>`. */
  readonly name: string;
  readonly pool: MachinePool;
  /** At the installation; afterwards it is the cluster's to decide. */
  readonly replicas: number;
  readonly healthCheck?: HealthCheck;
  readonly autoscaling?: Autoscaling;
}

/** The MachineSets that an installation creates: one a compute pool; none where the installer creates compute machines itself. */
export function planMachineSets(spec: Pick<ClusterSpec, "machineManagement" | "pools">, { infraID }: Identity): readonly MachineSetPlan[] {
  if (spec.machineManagement !== "MachineSets") return [];
  return spec.pools.compute.map((pool) => ({
    name: `${infraID}-${pool.name}`,
    pool,
    replicas: pool.replicas,
    ...present("healthCheck", pool.healthCheck),
    ...present("autoscaling", pool.autoscaling === undefined ? undefined : autoscalingShare(pool.autoscaling, 0, 1)),
  }));
}

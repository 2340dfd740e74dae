import type { ClusterSpec, MachinePool } from "../cluster-spec.ts";
import type { Identity } from "../identity.ts";
import { present } from "../optional.ts";
import { platformConfigOf } from "../platforms/registry.ts";
import { autoscalingShare, shareOf, type Autoscaling } from "./autoscaling.ts";
import type { HealthCheck } from "./health-check.ts";

/** One MachineSet: machines that are alike. */
export interface MachineSetPlan {
  /** `<infraID>-<pool>`, or `<infraID>-<pool>-<number>` of one of several zones; its machines are `<name>-<5 characters>`. */
  readonly name: string;
  readonly pool: MachinePool;
  /** Where its machines are put; absent where the platform has no such choice. */
  readonly zone?: string;
  /** At the installation; afterwards it is the cluster's to decide. */
  readonly replicas: number;
  readonly healthCheck?: HealthCheck;
  readonly autoscaling?: Autoscaling;
}

/**
 * The MachineSets that an installation creates: one a compute pool, or one for each zone of it, with the pool's machines divided as evenly as
 * possible; none where the installer creates compute machines itself.
 */
export function planMachineSets(
  spec: Pick<ClusterSpec, "machineManagement" | "pools" | "platform">,
  { infraID }: Pick<Identity, "infraID">,
): readonly MachineSetPlan[] {
  if (spec.machineManagement !== "MachineSets") return [];
  return spec.pools.compute.flatMap((pool) => {
    const zones = platformConfigOf(spec)?.zones?.(pool) ?? [undefined];
    return zones.map((zone, index) => ({
      name: zone === undefined ? `${infraID}-${pool.name}` : `${infraID}-${pool.name}-${index}`,
      pool,
      ...present("zone", zone),
      replicas: shareOf(pool.replicas, index, zones.length),
      ...present("healthCheck", pool.healthCheck),
      ...present("autoscaling", pool.autoscaling === undefined ? undefined : autoscalingShare(pool.autoscaling, index, zones.length)),
    }));
  });
}

import type { ClusterSpec, MachinePlan } from "../../config/index.ts";
import { failureDomainOf, vsphereSpecOf } from "./vsphere-spec.ts";

/** Names of the failure domains that any machine is in, or may be put into by its pool's zones. */
export function usedDomains(
  { pools, machineManagement }: Pick<ClusterSpec, "pools" | "machineManagement">,
  plans: readonly MachinePlan[],
): readonly string[] {
  const planned = plans.map(({ vsphere }) => vsphere?.failureDomain ?? "");
  // A MachineSet without machines may get some later.
  const isUsed = ({ role, replicas }: ClusterSpec["pools"]["controlPlane"]): boolean =>
    replicas > 0 || (role === "compute" && machineManagement === "MachineSets");
  const zones = [pools.controlPlane, ...pools.compute].filter(isUsed).flatMap(({ vsphere }) => vsphere?.zones ?? []);
  return [...new Set([...planned, ...zones])];
}

/** Whether any failure domain has no template given by the user. */
export function needsImage(spec: ClusterSpec): boolean {
  const platform = vsphereSpecOf(spec);
  const { pools } = spec;
  const zones = [pools.controlPlane, ...pools.compute].flatMap(({ vsphere }) => vsphere?.zones ?? []);
  const hosts = spec.hosts.flatMap(({ failureDomain }) => failureDomain ?? []);
  return [...new Set([...zones, ...hosts])].some((name) => failureDomainOf(platform, name).topology.template === undefined);
}

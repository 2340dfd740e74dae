import type { InstallConfig } from "../../install-config.ts";
import { forbidden, type IssueDraft } from "../../issue.ts";
import { vspherePoolOf } from "./pool.ts";

/** What is not possible for compute machines that the cluster creates itself. */
export function vsphereMachineSetRules(config: InstallConfig): readonly IssueDraft[] {
  if (config.machineManagement !== "MachineSets") return [];
  const tied = new Set(
    (config.platform?.vsphere?.failureDomains ?? []).flatMap(({ name, zoneType }) => (zoneType === "HostGroup" && name !== undefined ? [name] : [])),
  );
  // The VM group of such a zone has the machines that the installer created, and each update would take others out of it.
  return config.compute.flatMap((pool, index) => {
    const zones = vspherePoolOf(config, pool).vsphere.zones.filter((zone) => tied.has(zone));
    if (zones.length === 0) return [];
    const message = `failure domain ${zones.join(", ")} is a host group, which machineManagement: MachineSets does not support`;
    return [forbidden(`compute[${index}].platform.vsphere.zones`, message)];
  });
}

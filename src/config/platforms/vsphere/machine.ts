import type { MachinePool, MachineRole, StaticHost } from "../../cluster-spec.ts";
import type { MachinePlan } from "../../cluster-spec.ts";

/** In turn over the pool's zones, as OpenShift's installer does, unless the user has said where this machine goes. */
export function machineOf(role: MachineRole, index: number, { vsphere }: MachinePool, host: StaticHost | undefined): Pick<MachinePlan, "vsphere"> {
  if (vsphere === undefined) return {};
  const { zones, coresPerSocket, dataDisks } = vsphere;
  const failureDomain = host?.failureDomain ?? zones[index % zones.length] ?? "";
  return { vsphere: { failureDomain, coresPerSocket, dataDisks: role === "bootstrap" ? [] : dataDisks } };
}

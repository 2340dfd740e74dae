import type { Distribution, MachineSize } from "../../cluster-spec.ts";
import type { InstallConfig, Pool } from "../../install-config.ts";
import type { DataDiskSpec, VSpherePoolSpec, VspherePool } from "./spec.ts";
import { machineSize } from "../machine-size.ts";
import { filled } from "../../optional.ts";

/** 0 is how Go writes "not set". */
const given = (value: number | undefined): number | undefined => (value === 0 ? undefined : value);

/** The parts that a pool leaves out come from defaultMachinePlatform. */
function merged(own: VspherePool | undefined, base: VspherePool | undefined): VspherePool {
  const diskSizeGB = given(own?.osDisk?.diskSizeGB) ?? given(base?.osDisk?.diskSizeGB);
  return {
    cpus: given(own?.cpus) ?? given(base?.cpus),
    coresPerSocket: given(own?.coresPerSocket) ?? given(base?.coresPerSocket),
    memoryMB: given(own?.memoryMB) ?? given(base?.memoryMB),
    osDisk: { diskSizeGB },
    dataDisks: own?.dataDisks ?? base?.dataDisks,
    zones: filled(own?.zones) ?? filled(base?.zones),
  };
}

/** Size, sockets and zones of a pool's machines, all defaults filled in. */
export function vspherePoolOf(config: InstallConfig, pool: Pool): MachineSize & { readonly vsphere: VSpherePoolSpec } {
  const vsphere = config.platform?.vsphere;
  const own = pool.platform?.vsphere;
  const { zones: mergedZones, dataDisks = [], ...size } = merged(own, vsphere?.defaultMachinePlatform);
  // OpenShift gives a pool that says anything of its own all failure domains, before it looks at what holds for all pools.
  const zones = own === undefined || config.distribution === "kubernetes" ? mergedZones : filled(own.zones);
  return {
    ...machineSize(config.distribution, size),
    vsphere: {
      coresPerSocket: socketsOf(config.distribution, size).coresPerSocket,
      zones: zones ?? (vsphere?.failureDomains ?? []).flatMap(({ name }) => name ?? []),
      dataDisks: dataDisks.flatMap(diskOf),
    },
  };
}

/** MiB. */
export const memoryOf = (config: InstallConfig, pool: Pool): number =>
  machineSize(config.distribution, merged(pool.platform?.vsphere, config.platform?.vsphere?.defaultMachinePlatform)).memoryMB;

/** CPUs and cores of a socket that a machine gets: where OpenShift has four of each, upstream Kubernetes has one socket. */
export function socketsOf(
  distribution: Distribution,
  own: VspherePool | undefined,
  base?: VspherePool,
): { readonly cpus: number; readonly coresPerSocket: number } {
  const { cpus: wanted, coresPerSocket } = merged(own, base);
  const { cpus } = machineSize(distribution, { cpus: wanted });
  return { cpus, coresPerSocket: coresPerSocket ?? (distribution === "kubernetes" ? cpus : 4) };
}

function diskOf({ name, sizeGiB, provisioningMode }: NonNullable<VspherePool["dataDisks"]>[number]): readonly DataDiskSpec[] {
  if (name === undefined || sizeGiB === undefined) return [];
  return [{ name, sizeGiB, ...(provisioningMode === undefined ? {} : { provisioningMode }) }];
}

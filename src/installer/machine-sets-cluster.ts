import type { ClusterSpec } from "../config/index.ts";
import { InstallerError } from "../errors/index.ts";
import { loadCluster, type LoadedCluster } from "../stack/index.ts";
import { warnOnce } from "./config-warnings.ts";
import type { World } from "./context.ts";

/** The folder's cluster, which creates its machines itself. @throws InstallerError MACHINE_SETS_OFF, those of `loadCluster` */
export async function loadMachineSetsCluster(world: World): Promise<LoadedCluster> {
  const { folder, env, redactor } = world;
  const cluster = await loadCluster({ folder, env, changed: true, onSecret: (secret) => redactor.add(secret), onWarning: warnOnce(world) });
  if (cluster.spec.machineManagement !== "MachineSets") throw machineSetsOff(cluster.spec);
  return cluster;
}

export const machineSetsOff = ({ name }: Pick<ClusterSpec, "name">): InstallerError =>
  new InstallerError("MACHINE_SETS_OFF", `the machines of ${name} are created by the installer alone`, { value: name });

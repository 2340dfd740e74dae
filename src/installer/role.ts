import { planMachines } from "../config/index.ts";
import { InstallerError } from "../errors/index.ts";
import { platformFor } from "../providers/index.ts";
import { readCluster } from "../stack/index.ts";
import { warnOnce } from "./config-warnings.ts";
import type { World } from "./context.ts";

/** The minimum role for the install-config in the folder, as shell commands. @throws InstallerError USAGE where there are no roles */
export async function role(world: World): Promise<{ readonly commands: string }> {
  const { spec } = await readCluster(world.folder, { env: world.env, onWarning: warnOnce(world) });
  const platform = platformFor(spec.platform.name);
  if (platform.role === undefined) throw new InstallerError("USAGE", `there are no roles on platform ${platform.name}`, { value: platform.name });
  // Names play no part in it, so any identity will do.
  const identity = { infraID: `${spec.name}-00000`, clusterID: "", createdAt: "" };
  return { commands: platform.role(spec, planMachines(spec, identity)) };
}

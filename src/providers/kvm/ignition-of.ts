import type { AssetSet } from "../../assets/index.ts";
import type { MachineRole } from "../../config/index.ts";
import { InstallerError } from "../../errors/index.ts";

const FILES: Readonly<Record<MachineRole, string>> = { bootstrap: "bootstrap.ign", "control-plane": "master.ign", compute: "worker.ign" };

/** The Ignition config that machines of a role boot with. @throws InstallerError INTERNAL if the assets lack it */
export function ignitionOf(assets: AssetSet, role: MachineRole): string {
  const file = assets.get(FILES[role]);
  if (file === undefined) throw new InstallerError("INTERNAL", `the assets hold no ${FILES[role]}`, { value: role });
  return file.content;
}

import { clusterMachines } from "../installer/index.ts";
import type { CommandModule } from "./command.ts";
import { machinesText } from "./render/machines.ts";

export const run: CommandModule["run"] = async (invocation) => {
  invocation.result(await clusterMachines(await invocation.world(false)), machinesText);
  return undefined;
};

import { clusterMachines, watchMachines } from "../installer/index.ts";
import type { CommandModule } from "./command.ts";
import { machinesText } from "./render/machines.ts";

export const run: CommandModule["run"] = async (invocation) => {
  const world = await invocation.world(false);
  if (invocation.options["watch"] === true) return await watchMachines(world);
  invocation.result(await clusterMachines(world), machinesText);
  return undefined;
};

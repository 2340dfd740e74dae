import { destroyCluster, listOwned } from "../../installer/index.ts";
import type { CommandModule } from "../command.ts";
import { installerOptions } from "../invocation.ts";
import { destroyedClusterText, ownedObjectsText } from "../render/destroy-cluster.ts";

export const run: CommandModule["run"] = async (invocation) => {
  const world = await invocation.world();
  if (invocation.options["dryRun"] === true) invocation.result(await listOwned(world), ownedObjectsText);
  else invocation.result(await destroyCluster(world, installerOptions(invocation)), destroyedClusterText);
  return undefined;
};

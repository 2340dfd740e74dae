import { resume } from "../installer/index.ts";
import type { CommandModule } from "./command.ts";
import { installerOptions } from "./invocation.ts";
import { createdClusterText } from "./render/create-cluster.ts";

export const run: CommandModule["run"] = async (invocation) => {
  invocation.result(await resume(await invocation.world(), installerOptions(invocation)), createdClusterText);
  return undefined;
};

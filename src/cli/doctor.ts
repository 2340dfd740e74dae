import { doctor } from "../installer/index.ts";
import type { CommandModule } from "./command.ts";
import { installerOptions } from "./invocation.ts";

export const run: CommandModule["run"] = async (invocation) => {
  await doctor(await invocation.world(false), installerOptions(invocation));
  return undefined;
};

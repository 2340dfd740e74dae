import { createInfra } from "../../installer/index.ts";
import type { CommandModule } from "../command.ts";
import { installerOptions } from "../invocation.ts";

export const run: CommandModule["run"] = async (invocation) => {
  await createInfra(await invocation.world(), installerOptions(invocation));
  return undefined;
};

import { gather } from "../installer/index.ts";
import type { CommandModule } from "./command.ts";
import { installerOptions } from "./invocation.ts";
import { gatheredText } from "./render/gather.ts";

export const run: CommandModule["run"] = async (invocation) => {
  invocation.result(await gather(await invocation.world(), installerOptions(invocation)), gatheredText);
  return undefined;
};

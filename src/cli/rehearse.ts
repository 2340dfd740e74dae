import { rehearse } from "../installer/index.ts";
import type { CommandModule } from "./command.ts";
import { installerOptions } from "./invocation.ts";
import { rehearsalText } from "./render/rehearse.ts";

export const run: CommandModule["run"] = async (invocation) => {
  const [pool] = invocation.args;
  invocation.result(await rehearse(await invocation.world(), installerOptions(invocation), pool), rehearsalText);
  return undefined;
};

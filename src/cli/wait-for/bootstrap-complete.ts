import { waitFor } from "../../installer/index.ts";
import type { CommandModule } from "../command.ts";
import { installerOptions } from "../invocation.ts";
import { reachedText } from "../render/wait-for.ts";

export const run: CommandModule["run"] = async (invocation) => {
  invocation.result(await waitFor(await invocation.world(), installerOptions(invocation), "bootstrap-complete"), reachedText);
  return undefined;
};

import { waitFor } from "../../installer/index.ts";
import type { CommandModule } from "../command.ts";
import { installerOptions } from "../invocation.ts";

export const run: CommandModule["run"] = async (invocation) => {
  await waitFor(await invocation.world(), installerOptions(invocation), "bootstrap-complete");
  return undefined;
};

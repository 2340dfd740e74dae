import { createAssets } from "../../installer/index.ts";
import type { CommandModule } from "../command.ts";
import { installerOptions } from "../invocation.ts";

export const run: CommandModule["run"] = async (invocation) => {
  await createAssets(await invocation.world(), installerOptions(invocation), "manifests");
  return undefined;
};

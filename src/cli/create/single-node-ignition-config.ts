import { createAssets } from "../../installer/index.ts";
import type { CommandModule } from "../command.ts";
import { installerOptions } from "../invocation.ts";
import { writtenAssetsText } from "../render/create-assets.ts";

export const run: CommandModule["run"] = async (invocation) => {
  invocation.result(await createAssets(await invocation.world(), installerOptions(invocation), "single-node-ignition-config"), writtenAssetsText);
  return undefined;
};

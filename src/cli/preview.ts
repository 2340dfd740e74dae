import { preview } from "../installer/index.ts";
import type { CommandModule } from "./command.ts";
import { installerOptions } from "./invocation.ts";
import { changesText } from "./render/preview.ts";

export const run: CommandModule["run"] = async (invocation) => {
  invocation.result(await preview(await invocation.world(), installerOptions(invocation)), changesText);
  return undefined;
};

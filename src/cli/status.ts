import { status } from "../installer/index.ts";
import type { CommandModule } from "./command.ts";
import { statusText } from "./render/status.ts";

export const run: CommandModule["run"] = async (invocation) => {
  invocation.result(await status(await invocation.world(false)), statusText);
  return undefined;
};

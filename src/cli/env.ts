import { environment } from "../installer/index.ts";
import type { CommandModule } from "./command.ts";
import { exportsText } from "./render/env.ts";

export const run: CommandModule["run"] = async (invocation) => {
  invocation.result(await environment(await invocation.world(false)), exportsText);
  return undefined;
};

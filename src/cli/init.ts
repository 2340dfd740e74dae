import { init } from "../installer/index.ts";
import type { CommandModule } from "./command.ts";
import { projectText } from "./render/init.ts";

export const run: CommandModule["run"] = async (invocation) => {
  invocation.result(await init(await invocation.world(false)), projectText);
  return undefined;
};

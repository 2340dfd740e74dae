import { orphans } from "../installer/index.ts";
import type { CommandModule } from "./command.ts";

export const run: CommandModule["run"] = async (invocation) => {
  await orphans(await invocation.world(false), invocation.args);
  return undefined;
};

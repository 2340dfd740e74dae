import { orphans } from "../installer/index.ts";
import type { CommandModule } from "./command.ts";
import { orphansText } from "./render/orphans.ts";

export const run: CommandModule["run"] = async (invocation) => {
  invocation.result(await orphans(await invocation.world(false), invocation.args), orphansText);
  return undefined;
};

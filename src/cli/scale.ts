import { scale } from "../installer/index.ts";
import type { CommandModule } from "./command.ts";
import { installerOptions } from "./invocation.ts";
import { scaledText } from "./render/machines.ts";

export const run: CommandModule["run"] = async (invocation) => {
  const [pool = "", count = ""] = invocation.args;
  invocation.result(await scale(await invocation.world(), installerOptions(invocation), pool, count), scaledText);
  return undefined;
};

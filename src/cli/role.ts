import { role } from "../installer/index.ts";
import type { CommandModule } from "./command.ts";

export const run: CommandModule["run"] = async (invocation) => {
  invocation.result(await role(await invocation.world(false)), ({ commands }) => commands.trimEnd());
  return undefined;
};

import { role } from "../../installer/index.ts";
import type { CommandModule } from "../command.ts";

export const run: CommandModule["run"] = async (invocation) => {
  await role(await invocation.world(false));
  return undefined;
};

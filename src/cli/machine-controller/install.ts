import { installController } from "../../installer/index.ts";
import type { CommandModule } from "../command.ts";
import { installedControllerText } from "../render/machine-controller.ts";

export const run: CommandModule["run"] = async (invocation) => {
  invocation.result(await installController(await invocation.world()), installedControllerText);
  return undefined;
};

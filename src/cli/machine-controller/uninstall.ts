import { uninstallController } from "../../installer/index.ts";
import type { CommandModule } from "../command.ts";
import { uninstalledControllerText } from "../render/machine-controller.ts";

export const run: CommandModule["run"] = async (invocation) => {
  invocation.result(await uninstallController(await invocation.world()), uninstalledControllerText);
  return undefined;
};

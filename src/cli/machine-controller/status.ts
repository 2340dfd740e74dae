import { controllerStatus } from "../../installer/index.ts";
import type { CommandModule } from "../command.ts";
import { controllerStatusText } from "../render/machine-controller.ts";

export const run: CommandModule["run"] = async (invocation) => {
  invocation.result(await controllerStatus(await invocation.world(false)), controllerStatusText);
  return undefined;
};

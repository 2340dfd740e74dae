import { machineController } from "../../installer/index.ts";
import type { CommandModule } from "../command.ts";

export const run: CommandModule["run"] = async (invocation) => await machineController(await invocation.world());

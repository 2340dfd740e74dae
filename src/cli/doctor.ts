import { doctor, refuseFailed } from "../installer/index.ts";
import type { CommandModule } from "./command.ts";
import { installerOptions } from "./invocation.ts";
import { diagnosisText } from "./render/doctor.ts";

export const run: CommandModule["run"] = async (invocation) => {
  const found = await doctor(await invocation.world(false), installerOptions(invocation));
  invocation.result(found, diagnosisText);
  refuseFailed(found);
  return undefined;
};

import { timeline } from "../installer/index.ts";
import type { CommandModule } from "./command.ts";
import { timelineText } from "./render/timeline.ts";

export const run: CommandModule["run"] = async (invocation) => {
  invocation.result(await timeline(await invocation.world(false)), timelineText);
  return undefined;
};

import { verify } from "../installer/index.ts";
import type { CommandModule } from "./command.ts";

export const run: CommandModule["run"] = async (invocation) => {
  const image = invocation.options["image"];
  await verify(await invocation.world(false), {
    vm: invocation.options["vm"] === true,
    ...(typeof image === "string" ? { image } : {}),
  });
  return undefined;
};

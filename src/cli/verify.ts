import { refuseUnwell, verify } from "../installer/index.ts";
import type { CommandModule } from "./command.ts";
import { verifiedText } from "./render/verify.ts";

export const run: CommandModule["run"] = async (invocation) => {
  const { image, console } = invocation.options;
  const found = await verify(await invocation.world(false), {
    vm: invocation.options["vm"] === true,
    ...(typeof image === "string" ? { image } : {}),
    ...(typeof console === "string" ? { console } : {}),
  });
  invocation.result(found, verifiedText);
  refuseUnwell(found);
  return undefined;
};

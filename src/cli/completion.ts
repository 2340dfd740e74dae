import type { CommandModule } from "./command.ts";
import { completionScript, SHELLS, type Shell } from "./completion-script.ts";
import { usage } from "./invocation.ts";

export const run: CommandModule["run"] = async ({ args, tree, print }) => {
  const [shell = ""] = args;
  if (!SHELLS.includes(shell as Shell)) throw usage(`there is no completion for shell "${shell}"`, shell, `Use one of: ${SHELLS.join(", ")}.`);
  print(completionScript(shell as Shell, tree));
  return await Promise.resolve(undefined);
};

import { aptInstall } from "../../setup/apt.ts";
import type { Part } from "../../setup/part.ts";
import { findProgram } from "../../setup/programs.ts";

const NAME = "shellcheck";

/** Looks for faults in the scripts of machines. Tests run it. */
export const shellcheck: Part = {
  kind: "host",
  id: NAME,
  version: "0.9 or newer",
  needs: [],
  locate: async ({ env }) => {
    const path = await findProgram(NAME, env);
    return path === undefined ? undefined : { version: NAME, path, programs: {} };
  },
  install: async (context) => await aptInstall(context, [NAME]),
};

import { aptInstall } from "../../setup/apt.ts";
import type { HostPart } from "../../setup/part.ts";
import { findProgram } from "../../setup/programs.ts";

export interface DebianPrograms {
  readonly id: string;
  readonly version: string;
  /** Names of each program, of which the first that there is counts. */
  readonly programs: readonly (readonly string[])[];
  /** Debian's packages that bring them. */
  readonly packages: readonly string[];
}

/** Programs that tests start by their names, of whoever installed them; Debian's where one is missing. */
export const debianPrograms = ({ id, version, programs, packages }: DebianPrograms): HostPart => ({
  kind: "host",
  id,
  version,
  needs: [],
  locate: async ({ env }) => {
    const found = await Promise.all(programs.map((names) => firstOf(names, env)));
    const [first] = found;
    return first === undefined || found.includes(undefined) ? undefined : { version: first.name, path: first.path, programs: {} };
  },
  install: async (context) => await aptInstall(context, packages),
});

async function firstOf(
  names: readonly string[],
  env: Parameters<typeof findProgram>[1],
): Promise<{ readonly name: string; readonly path: string } | undefined> {
  for (const name of names) {
    const path = await findProgram(name, env);
    if (path !== undefined) return { name, path };
  }
  return undefined;
}

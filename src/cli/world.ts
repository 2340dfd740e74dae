import { systemClock, systemEntropy, type Environment, programPath } from "../util/index.ts";
import type { Redactor, Reporter } from "../events/index.ts";
import type { Runner } from "../exec/index.ts";
import type { World } from "../installer/index.ts";
import type { Io } from "./io.ts";

export interface WorldOptions {
  readonly dir: string | undefined;
  readonly reporter: Reporter;
  readonly redactor: Redactor;
  readonly signal: AbortSignal;
  readonly env: Environment;
  readonly version: string;
  readonly io: Pick<Io, "logTo">;
  readonly log: boolean;
  /** The command writes nothing into the folder but the log. */
  readonly readOnly: boolean;
}

/** The real world: system clock, real programs. Loads the layers below, which the other commands do not need. @throws InstallerError FOLDER_UNSAFE */
export async function makeWorld(options: WorldOptions): Promise<World> {
  const [{ callerOf, closeFolder, clusterFolder, guardFolder }, { run: runProgram }] = await Promise.all([
    import("../stack/index.ts"),
    import("../exec/index.ts"),
  ]);
  const { reporter, redactor, signal, env, version } = options;
  const folder = clusterFolder(options.dir ?? env["VIRT_IPI_DIR"] ?? process.cwd());
  if (options.log || !options.readOnly) await guardFolder(folder, callerOf(env));
  if (!options.readOnly) await closeFolder(folder);
  if (options.log) options.io.logTo(folder.log);
  // What the set-up has made or fetched is found as Pulumi finds it; a runner's own environment still counts more.
  const path = programPath(env);
  const run: Runner = (file, args, runOptions) => runProgram(file, args, { ...runOptions, env: { PATH: path, ...runOptions?.env } });
  redactor.add(env["PULUMI_CONFIG_PASSPHRASE"], env["PULUMI_ACCESS_TOKEN"]);
  return { folder, reporter, redactor, clock: systemClock, entropy: systemEntropy, run, env, signal, version };
}

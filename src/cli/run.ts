import { CommanderError } from "commander";
import { EXIT, InstallerError } from "../errors/index.ts";
import { Redactor } from "../events/index.ts";
import { type CommandEntry, withMoreOptions } from "./command.ts";
import { refuseUnknown, usageErrorOf, withHelpAsOption } from "./command-line.ts";
import { COMMANDS, GLOBALS } from "./commands.ts";
import { errorText, reportOf } from "./render/error.ts";
import { Io } from "./io.ts";
import type { Invocation, Parsed } from "./invocation.ts";
import { buildProgram } from "./program.ts";
import { type Environment, systemEnvironment } from "../util/index.ts";
import { watchSignals } from "./signals.ts";
import { packageVersion } from "./package-version.ts";

/** One run of the command line. @returns the process exit code */
export async function main(argv: readonly string[]): Promise<number> {
  const redactor = new Redactor();
  const env = systemEnvironment();
  const io = new Io(argv, redactor, env);
  const signals = watchSignals((text) => io.notice(text), env);
  try {
    const exitCode = await runCommand(argv, { io, redactor, env, signal: signals.signal });
    const lost = io.reportLostOutput();
    return exitCode === EXIT.ok && lost ? EXIT.other : exitCode;
  } finally {
    signals.stop();
    io.close();
  }
}

const PATHS = COMMANDS.map(({ path }) => path);

async function runCommand(given: readonly string[], run: Run): Promise<number> {
  const { io, redactor, signal } = run;
  const argv = withHelpAsOption(given, PATHS);
  let exitCode: number = EXIT.ok;
  let command: CommandEntry | undefined;
  try {
    const version = packageVersion();
    const commands = await withMoreOptions(COMMANDS, (path) => argv.includes("completion") || path.split(" ").every((word) => argv.includes(word)));
    const program = buildProgram(
      commands,
      version,
      async (entry, parsed) => {
        command = entry;
        exitCode = (await execute(entry, parsed, { ...run, commands, version })) ?? EXIT.ok;
      },
      (text, stream) => io.write(text, stream),
    );
    refuseUnknown(argv, PATHS);
    await program.parseAsync([...argv], { from: "user" });
  } catch (thrown) {
    if (thrown instanceof CommanderError && SHOWN.has(thrown.code)) return thrown.exitCode === 0 ? EXIT.ok : EXIT.usage;
    const error: unknown = thrown instanceof CommanderError ? usageErrorOf(thrown, argv, PATHS) : thrown;
    const cause: unknown = signal.aborted && !(error instanceof InstallerError) ? signal.reason : error;
    const report = redactor.redactValue(reportOf(cause, command));
    io.error(report, errorText(report), error);
    return report.exitCode;
  }
  return exitCode;
}

/** Codes of commander for help and version, which it has printed itself. */
const SHOWN: ReadonlySet<string> = new Set(["commander.help", "commander.helpDisplayed", "commander.version"]);

/** What one run of the command line has. */
interface Run {
  readonly io: Io;
  readonly redactor: Redactor;
  readonly env: Environment;
  readonly signal: AbortSignal;
}

interface Surroundings extends Run {
  readonly commands: readonly CommandEntry[];
  readonly version: string;
}

async function execute(
  entry: CommandEntry,
  parsed: Parsed,
  { commands, io, redactor, env, version, signal }: Surroundings,
): Promise<number | undefined> {
  const reporter = io.open(parsed.options);
  const invocation: Invocation = {
    ...parsed,
    output: parsed.options.output ?? "text",
    version,
    tree: { commands, globals: GLOBALS },
    reporter,
    redactor,
    signal,
    env,
    print: (text) => io.print(text),
    result: (data, render) => io.result({ type: "result", data, text: render(redactor.redactValue(data)) }),
    // Later: clock and randomness load what help and validate do without.
    world: async (log = true) =>
      await (
        await import("./world.ts")
      ).makeWorld({ dir: parsed.options.dir, reporter, redactor, signal, env, version, io, log, readOnly: entry.readOnly === true }),
  };
  const module = await entry.load();
  return await module.run(invocation);
}

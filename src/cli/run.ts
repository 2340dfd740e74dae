import { CommanderError } from "commander";
import { EXIT, InstallerError } from "../errors/index.ts";
import { Redactor } from "../events/index.ts";
import { type CommandEntry, withMoreOptions } from "./command.ts";
import { COMMANDS, GLOBALS } from "./commands.ts";
import { errorText, reportOf } from "./render/error.ts";
import { Io } from "./io.ts";
import type { Invocation, Parsed } from "./invocation.ts";
import { buildProgram } from "./program.ts";
import { type Environment, systemEnvironment } from "../util/index.ts";
import { watchSignals } from "./signals.ts";
import { nearest } from "./suggest.ts";
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

async function runCommand(argv: readonly string[], run: Run): Promise<number> {
  const { io, redactor, signal } = run;
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
    refuseUnknown(argv);
    await program.parseAsync([...argv], { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    const cause: unknown = signal.aborted && !(error instanceof InstallerError) ? signal.reason : error;
    const report = redactor.redactValue(reportOf(cause, command));
    io.error(report, errorText(report), error);
    return report.exitCode;
  }
  return exitCode;
}

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

/** A command that is none, before commander says so in its own words: with the nearest one. @throws InstallerError USAGE */
function refuseUnknown(argv: readonly string[]): void {
  const words = argv.filter((word, index) => !word.startsWith("-") && !VALUED.has(argv[index - 1] ?? ""));
  const [first, second] = words;
  if (first === undefined || first === "help") return;
  const known = COMMANDS.map(({ path }) => path);
  if (known.some((path) => path === first)) return;
  const group = known.filter((path) => path.startsWith(`${first} `));
  if (group.length > 0 && (second === undefined || group.includes(`${first} ${second}`))) return;
  const given = group.length > 0 ? `${first} ${second ?? ""}` : first;
  const near = nearest(given, group.length > 0 ? group : known.flatMap((path) => [path, path.split(" ")[0] ?? path]));
  throw new InstallerError("USAGE", `there is no command "${given}"`, {
    value: given,
    advice:
      near === undefined ? "`virt-ipi --help` lists the commands." : `Did you mean \`virt-ipi ${near}\`? \`virt-ipi --help\` lists the commands.`,
  });
}

/** Global options before the command whose next word is their value. */
const VALUED = new Set(GLOBALS.filter(({ flags }) => flags.includes("<")).map(({ flags }) => flags.split(" ")[0] ?? ""));

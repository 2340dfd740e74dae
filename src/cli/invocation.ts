import { InstallerError, type InstallerError as Failure } from "../errors/index.ts";
import type { Redactor, Reporter } from "../events/index.ts";
import type { Options, World } from "../installer/index.ts";
import type { CommandTree } from "./command-tree.ts";
import { LONGEST_TIMER_MS, parseDuration, type Environment } from "../util/index.ts";

export type Output = "text" | "json";
export type Level = "debug" | "info" | "warning" | "error";

export interface GlobalOptions {
  readonly dir?: string;
  readonly output?: Output;
  readonly logLevel?: Level;
  readonly timeout?: readonly string[];
}

export interface Parsed {
  readonly args: readonly string[];
  readonly options: GlobalOptions & Readonly<Record<string, unknown>>;
}

/** What a command's file is given. */
export interface Invocation extends Parsed {
  readonly output: Output;
  readonly version: string;
  /** What commands there are. */
  readonly tree: CommandTree;
  readonly reporter: Reporter;
  readonly redactor: Redactor;
  readonly signal: AbortSignal;
  readonly env: Environment;
  /** Prints text on standard output, redacted. */
  print(text: string): void;
  /** Prints the result: the data as JSON, or the text that `render` makes of it. `type` is that of the line: data has none of its own. */
  result<T extends object & { readonly type?: never }>(data: T, render: (data: T) => string): void;
  /** The installer's world in the folder of --dir; loads what that needs. @param log whether the run is logged into the folder */
  world(log?: boolean): Promise<World>;
}

const LIMITS = ["infrastructure", "bootstrap", "install", "operators"] as const;

/** The installer's options of a command line. @throws InstallerError USAGE */
export function installerOptions({ options }: Parsed): Options {
  const skip = options["skip"] as readonly string[] | undefined;
  return {
    ...(skip === undefined ? {} : { skip }),
    ...(options["regenerate"] === true ? { regenerate: true } : {}),
    ...(options.timeout === undefined ? {} : { timeouts: Object.fromEntries(options.timeout.map(parseTimeout)) }),
  };
}

/** `bootstrap=60m` to the limit's name and milliseconds. @throws InstallerError USAGE */
export function parseTimeout(text: string): readonly [(typeof LIMITS)[number], number] {
  const [, name, time] = /^([a-z]+)=(.+)$/.exec(text) ?? [];
  const limit = LIMITS.find((each) => each === name);
  const ms = parseDuration(time ?? "");
  if (limit === undefined || ms === undefined || ms <= 0)
    throw usage(`--timeout ${text} is not understood`, text, `Write it as ${LIMITS.join("=30m, ")}=30m.`);
  if (ms > LONGEST_TIMER_MS) throw usage(`--timeout ${text} is too long`, text, `Give at most ${Math.floor(LONGEST_TIMER_MS / 3_600_000)}h.`);
  return [limit, ms];
}

export const usage = (what: string, value: string, advice?: string): Failure => new InstallerError("USAGE", what, { value, advice });

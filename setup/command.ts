import { parseArgs } from "node:util";
import { InstallerError, isInstallerError, messageOf } from "../src/errors/index.ts";
import { listParts, setUp } from "./driver.ts";
import type { Part } from "./part.ts";
import { cacheFolder, ROOT } from "./paths.ts";
import { formatTable } from "./table.ts";

export interface SetupCommand {
  /** As the user types it. */
  readonly name: string;
  readonly what: string;
  readonly parts: readonly Part[];
  /** The platforms that may be chosen, if any. */
  readonly platforms?: readonly string[];
  /** Ids of what is brought. @param platforms chosen by the user, none by default */
  readonly wanted: (platforms: readonly string[]) => readonly string[];
}

interface Options {
  readonly list: boolean;
  readonly only: readonly string[];
  readonly platforms: readonly string[];
  readonly offline: boolean;
  readonly help: boolean;
}

/** Runs a set-up with the arguments of this process, and sets its exit code. */
export async function runSetup(command: SetupCommand): Promise<void> {
  const interrupt = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.once(signal, () => {
      interrupt.abort(
        new InstallerError("INTERRUPTED", `stopped by ${signal}`, { advice: `Run \`${command.name}\` again; what is done stays done.` }),
      );
    });
  try {
    await main(command, interrupt.signal);
  } catch (error) {
    if (!isInstallerError(error)) throw error;
    process.stderr.write([`error: ${error.message} (${error.id})`, ...error.details.map((line) => `  ${line}`), `  ${error.advice}`, ""].join("\n"));
    process.exitCode = error.exitCode;
  }
}

async function main(command: SetupCommand, signal: AbortSignal): Promise<void> {
  const { list, only, platforms, offline, help } = optionsOf(command);
  if (help) {
    process.stdout.write(helpOf(command));
    return;
  }
  const options = {
    parts: command.parts,
    root: ROOT,
    cacheDir: cacheFolder(),
    only: only.length > 0 ? only : command.wanted(platforms),
    offline,
    signal,
    log: (line: string) => process.stderr.write(`${line}\n`),
  };
  process.stdout.write(`${formatTable(await (list ? listParts(options) : setUp(options)))}\n`);
}

function optionsOf(command: SetupCommand): Options {
  try {
    const { values } = parseArgs({
      options: {
        list: { type: "boolean" },
        only: { type: "string", multiple: true },
        platform: { type: "string", multiple: true },
        offline: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
    const platforms = values.platform ?? [];
    const unknown = platforms.filter((platform) => command.platforms?.includes(platform) !== true);
    if (unknown.length > 0) throw new Error(`--platform ${unknown.join(", ")} is not one of ${command.platforms?.join(", ") ?? "none"}`);
    return {
      list: values.list ?? false,
      only: values.only ?? [],
      platforms,
      offline: values.offline ?? false,
      help: values.help ?? false,
    };
  } catch (error) {
    throw new InstallerError("USAGE", messageOf(error), { advice: `\`${command.name} -- --help\` shows the options.` });
  }
}

const helpOf = ({ name, what, platforms }: SetupCommand): string => `${what}

${name} -- [--list]${platforms === undefined ? "" : " [--platform NAME]..."} [--only PART]... [--offline]

  --list           only show each part: version, where from, time, size, path
${platforms === undefined ? "" : `  --platform NAME  what clusters on ${platforms.join(" or ")} need (may be given again); ${platforms[0]} by default\n`}  --only PART      this part and what it needs (may be given again)
  --offline        no official downloads: what is not here is built
  --help           this text
`;

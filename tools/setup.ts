#!/usr/bin/env node
import { parseArgs } from "node:util";
import { InstallerError, isInstallerError, messageOf } from "../src/errors/index.ts";
import { PARTS } from "./parts/index.ts";
import { listParts, setUp } from "./setup/driver.ts";
import { cacheFolder, ROOT } from "./setup/paths.ts";
import { formatTable } from "./setup/table.ts";

const HELP = `Finds, downloads or builds what virt-ipi runs on, and prints a table of it.

npm run setup -- [--list] [--only PART]... [--offline]

  --list       only show each part: version, where from, size, path
  --only PART  this part and what it needs (may be given again)
  --offline    no official downloads: what is not here is built
  --help       this text
`;

async function main(args: readonly string[], signal: AbortSignal): Promise<void> {
  const { list, only, offline, help } = readOptions(args);
  if (help) {
    process.stdout.write(HELP);
    return;
  }
  const options = {
    parts: PARTS,
    root: ROOT,
    cacheDir: cacheFolder(),
    only,
    offline,
    signal,
    log: (line: string) => process.stderr.write(`${line}\n`),
  };
  process.stdout.write(`${formatTable(await (list ? listParts(options) : setUp(options)))}\n`);
}

function readOptions(args: readonly string[]): { list: boolean; only: string[]; offline: boolean; help: boolean } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        list: { type: "boolean" },
        only: { type: "string", multiple: true },
        offline: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
    return { list: values.list ?? false, only: values.only ?? [], offline: values.offline ?? false, help: values.help ?? false };
  } catch (error) {
    throw new InstallerError("USAGE", messageOf(error), { advice: "`npm run setup -- --help` shows the options." });
  }
}

const interrupt = new AbortController();
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.once(name, () => {
    interrupt.abort(new InstallerError("INTERRUPTED", `stopped by ${name}`, { advice: "Run `npm run setup` again; what is done stays done." }));
  });

try {
  await main(process.argv.slice(2), interrupt.signal);
} catch (error) {
  if (!isInstallerError(error)) throw error;
  process.stderr.write([`error: ${error.message} (${error.id})`, ...error.details.map((line) => `  ${line}`), `  ${error.advice}`, ""].join("\n"));
  process.exitCode = error.exitCode;
}

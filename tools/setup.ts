#!/usr/bin/env node
import { parseArgs } from "node:util";
import { cacheFolder, formatTable, listParts, ROOT, setUp } from "../setup/index.ts";
import { InstallerError, isInstallerError, messageOf } from "../src/errors/index.ts";
import { ALL_PARTS, NIGHTLY, TESTS } from "./parts/index.ts";

const NAME = "npm run setup:tests";
const HELP = `Finds, downloads or builds what virt-ipi and its tests run on, and prints a table of it.

${NAME} -- [--list] [--nightly] [--only PART]... [--offline]

  --list           only show each part: version, where from, time, size, path
  --nightly        what the nightly tests need, besides the rest
  --only PART      this part and what it needs (may be given again)
  --offline        no official downloads: what is not here is built
  --help           this text
`;

async function main(signal: AbortSignal): Promise<void> {
  const { help = false, list = false, nightly = false, only = [], offline = false } = optionsOf();
  if (help) {
    process.stdout.write(HELP);
    return;
  }
  const request = {
    parts: ALL_PARTS,
    root: ROOT,
    cacheDir: cacheFolder(),
    only: only.length > 0 ? only : [...TESTS, ...(nightly ? NIGHTLY : [])],
    offline,
    signal,
    log: (line: string) => process.stderr.write(`${line}\n`),
  };
  process.stdout.write(`${formatTable(await (list ? listParts(request) : setUp(request)))}\n`);
}

interface Options {
  readonly list?: boolean;
  readonly nightly?: boolean;
  readonly only?: readonly string[];
  readonly offline?: boolean;
  readonly help?: boolean;
}

function optionsOf(): Options {
  try {
    const flag = { type: "boolean" } as const;
    return parseArgs({
      options: { list: flag, nightly: flag, only: { type: "string", multiple: true }, offline: flag, help: { ...flag, short: "h" } },
    }).values;
  } catch (error) {
    throw new InstallerError("USAGE", messageOf(error), { advice: `\`${NAME} -- --help\` shows the options.` });
  }
}

const interrupt = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.once(signal, () => {
    interrupt.abort(new InstallerError("INTERRUPTED", `stopped by ${signal}`, { advice: `Run \`${NAME}\` again; what is done stays done.` }));
  });
try {
  await main(interrupt.signal);
} catch (error) {
  if (!isInstallerError(error)) throw error;
  process.stderr.write([`error: ${error.message} (${error.id})`, ...error.details.map((line) => `  ${line}`), `  ${error.advice}`, ""].join("\n"));
  process.exitCode = error.exitCode;
}

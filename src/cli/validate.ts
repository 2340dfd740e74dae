import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { type ConfigIssue, parseInstallConfig } from "../config/index.ts";
import { EXIT, isInstallerError, messageOf } from "../errors/index.ts";
import { fileErrorOf, readBytesIfExists } from "../util/index.ts";
import type { CommandModule } from "./command.ts";
import type { Invocation } from "./invocation.ts";
import { isValid, verdictText, type Verdict } from "./render/validate.ts";

/** A file larger than this is not read at all: no install-config is near it. */
const LARGEST = 16 * 1024 * 1024;
const OWN_INPUT = /^\/dev\/(stdin|fd\/\d+)$/;

/** Checks any number of files, one after the other, in one process; exit code 3 if any is not valid. */
export const run: CommandModule["run"] = async ({ args, options, result, env }) => {
  const files = args.length > 0 ? args : [join(options.dir ?? process.cwd(), "install-config.yaml")];
  let invalid = 0;
  for (const given of files) {
    const verdict = await check(await configOf(given), env);
    if (!isValid(verdict)) invalid++;
    result(dataOf(verdict), () => verdictText(verdict));
  }
  return invalid === 0 ? EXIT.ok : EXIT.config;
};

/** A folder stands for its install-config.yaml. */
async function configOf(path: string): Promise<string> {
  const facts = await stat(path).catch(() => undefined);
  return facts?.isDirectory() === true ? join(path, "install-config.yaml") : path;
}

async function check(file: string, env: Invocation["env"]): Promise<Verdict> {
  try {
    // A pipe by its path would keep the run waiting; our own standard input ends.
    const source = await (OWN_INPUT.test(file) ? readFile(file) : readBytesIfExists(file, { largest: LARGEST, follow: true }));
    if (source === undefined) return unreadable(file, "there is no such file");
    const { errors, warnings } = parseInstallConfig(source, file, undefined, env);
    return { file, errors, warnings };
  } catch (error) {
    const known = fileErrorOf(error) ?? error;
    if (!isInstallerError(known)) throw error;
    return unreadable(file, messageOf(known));
  }
}

const unreadable = (file: string, why: string): Verdict => ({ file, unreadable: why, errors: [], warnings: [] });

const dataOf = (verdict: Verdict): object => ({
  file: verdict.file,
  valid: isValid(verdict),
  errors: verdict.unreadable === undefined ? verdict.errors.map(shown) : [{ path: "", kind: "Invalid value", message: verdict.unreadable }],
  warnings: verdict.warnings.map(shown),
});

const shown = ({ path, kind, value, message, line }: ConfigIssue): Omit<ConfigIssue, "column"> => ({
  path,
  kind,
  ...(value === undefined ? {} : { value }),
  message,
  line,
});

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type ConfigIssue, formatIssue, parseInstallConfig } from "../config/index.ts";
import { EXIT, isInstallerError, messageOf } from "../errors/index.ts";
import { fileErrorOf, oneLine, printableJson, quotedLines, readBytesIfExists } from "../util/index.ts";
import type { CommandModule } from "./command.ts";
import type { Invocation } from "./invocation.ts";

/** A file larger than this is not read at all: no install-config is near it. */
const LARGEST = 16 * 1024 * 1024;
const OWN_INPUT = /^\/dev\/(stdin|fd\/\d+)$/;

type ShownIssue = Pick<ConfigIssue, "path" | "kind" | "message">;

interface Verdict {
  readonly file: string;
  readonly valid: boolean;
  readonly errors: readonly ShownIssue[];
  readonly warnings: readonly ShownIssue[];
  readonly lines: readonly string[];
}

/** Checks any number of files, one after the other, in one process; exit code 3 if any is not valid. */
export const run: CommandModule["run"] = async ({ args, options, output, print, env }) => {
  const files = args.length > 0 ? args : [join(options.dir ?? process.cwd(), "install-config.yaml")];
  let invalid = 0;
  for (const file of files) {
    const verdict = await check(file, env);
    if (!verdict.valid) invalid++;
    if (output === "json") print(printableJson({ file, valid: verdict.valid, errors: verdict.errors, warnings: verdict.warnings }));
    else
      print(
        [
          `${oneLine(file)}: ${verdict.valid ? "valid" : `${verdict.errors.length} ${verdict.errors.length === 1 ? "error" : "errors"}`}`,
          ...verdict.lines.map((line) => `  ${quotedLines(line)}`),
        ].join("\n"),
      );
  }
  return invalid === 0 ? EXIT.ok : EXIT.config;
};

async function check(file: string, env: Invocation["env"]): Promise<Verdict> {
  try {
    // A pipe by its path would keep the run waiting; our own standard input ends.
    const source = await (OWN_INPUT.test(file) ? readFile(file) : readBytesIfExists(file, { largest: LARGEST, follow: true }));
    if (source === undefined) return unreadable(file, "there is no such file");
    const { errors, warnings } = parseInstallConfig(source, file, undefined, env);
    return {
      file,
      valid: errors.length === 0,
      errors: errors.map(shown),
      warnings: warnings.map(shown),
      lines: [...errors.map(formatIssue), ...warnings.map((warning) => `warning: ${formatIssue(warning)}`)],
    };
  } catch (error) {
    const known = fileErrorOf(error) ?? error;
    if (!isInstallerError(known)) throw error;
    return unreadable(file, messageOf(known));
  }
}

const shown = ({ path, kind, value, message, line }: ConfigIssue): ShownIssue & Partial<ConfigIssue> => ({
  path,
  kind,
  ...(value === undefined ? {} : { value }),
  message,
  line,
});

const unreadable = (file: string, message: string): Verdict => ({
  file,
  valid: false,
  errors: [{ path: "", kind: "Invalid value", message }],
  warnings: [],
  lines: [message],
});

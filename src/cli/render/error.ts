import { CATALOGUE, EXIT, type InstallerError, isInstallerError, messageOf } from "../../errors/index.ts";
import type { CommandEntry } from "../command.ts";
import { fileErrorOf, oneLine, quotedLines } from "../../util/index.ts";

export interface ErrorReport {
  readonly type: "error";
  readonly id: string;
  readonly message: string;
  readonly value?: string;
  readonly details: readonly string[];
  readonly advice: string;
  /** Section of the reference of errors. */
  readonly docs: string;
  readonly exitCode: number;
}

/**
 * Any thrown value for the user. What is neither ours nor a file system's is INTERNAL, and its stack goes to the log only.
 * @param command that was run, if it came to one
 */
export function reportOf(thrown: unknown, command?: Pick<CommandEntry, "path" | "resumable">): ErrorReport {
  const error = fileErrorOf(thrown) ?? thrown;
  if (!isInstallerError(error))
    return {
      type: "error",
      id: "INTERNAL",
      message: messageOf(error),
      details: [],
      advice: CATALOGUE.INTERNAL.advice,
      docs: docsOf("INTERNAL"),
      exitCode: EXIT.other,
    };
  const { id, value, details, exitCode } = error;
  const advice = adviceFor(error, command);
  return { type: "error", id, message: messageOf(error), ...(value === undefined ? {} : { value }), details, advice, docs: docsOf(id), exitCode };
}

/** The catalogue speaks of an installation; any other command that was interrupted is simply run again. */
function adviceFor({ id, advice }: InstallerError, command?: Pick<CommandEntry, "path" | "resumable">): string {
  const isGeneral = id === "INTERRUPTED" && advice === CATALOGUE.INTERRUPTED.advice;
  return isGeneral && command !== undefined && command.resumable !== true ? `Run \`virt-ipi ${command.path}\` again.` : advice;
}

const docsOf = (id: string): string => `docs/reference/errors.md#${id.toLowerCase()}`;

/** Several lines: what failed with its id, the value, details, and what to do next. */
export function errorText(report: ErrorReport): string {
  const { id, message, value, details, advice } = report;
  const lines = [`Error ${id}: ${quotedLines(message)}`];
  if (value !== undefined && !message.includes(value)) lines.push(`  value: ${oneLine(value)}`);
  for (const detail of details) lines.push(`  ${quotedLines(detail)}`);
  lines.push(`  next: ${quotedLines(advice)}`, `  see: virt-ipi explain ${id}`);
  return lines.join("\n");
}

import { formatIssue, type ConfigIssue } from "../../config/index.ts";
import { oneLine, quotedLines } from "../../util/index.ts";

export interface Verdict {
  readonly file: string;
  /** Why the file could not be looked at. */
  readonly unreadable?: string;
  readonly errors: readonly ConfigIssue[];
  readonly warnings: readonly ConfigIssue[];
}

export const isValid = ({ errors, unreadable }: Verdict): boolean => errors.length === 0 && unreadable === undefined;

/** A line for the file, and one for each issue below it. */
export function verdictText(verdict: Verdict): string {
  const { file, unreadable, errors, warnings } = verdict;
  const count = unreadable === undefined ? errors.length : 1;
  const lines = [
    ...(unreadable === undefined ? [] : [unreadable]),
    ...errors.map(formatIssue),
    ...warnings.map((warning) => `warning: ${formatIssue(warning)}`),
  ];
  return [
    `${oneLine(file)}: ${isValid(verdict) ? "valid" : `${count} ${count === 1 ? "error" : "errors"}`}`,
    ...lines.map((line) => `  ${quotedLines(line)}`),
  ].join("\n");
}

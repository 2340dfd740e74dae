import { z } from "zod";

/** How many tests a stage ran, and how they ended. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const NONE: Counts = { passed: 0, failed: 0, skipped: 0 };

const ReportSchema = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
  numTodoTests: z.int().default(0),
  testResults: z.array(
    z.object({
      status: z.string(),
      name: z.string().default(""),
      message: z.string().default(""),
      assertionResults: z.array(z.object({ status: z.string(), fullName: z.string().default(""), failureMessages: z.array(z.string()).nullish() })),
    }),
  ),
});

/**
 * The counts of a vitest stage, from its JSON report and its exit code. Whatever went wrong counts at least once: a file that
 * could not be loaded, an error outside of any test, a stage without tests, a report that is not there.
 */
export function countReport(report: string | undefined, exitCode: number): Counts {
  const parsed = ReportSchema.safeParse(parseJson(report));
  if (!parsed.success) return { ...NONE, failed: 1 };
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = parsed.data;
  const brokenFiles = testResults.filter(
    (file) => file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed"),
  ).length;
  const failed = numFailedTests + brokenFiles;
  const unexplained = failed === 0 && (exitCode !== 0 || numPassedTests === 0) ? 1 : 0;
  return { passed: numPassedTests, failed: failed + unexplained, skipped: numPendingTests + numTodoTests };
}

/** What failed, a line each: file, test and the first line of its message. For whoever sees only the end of a long output. */
export function failures(report: string | undefined): readonly string[] {
  const parsed = ReportSchema.safeParse(parseJson(report));
  if (!parsed.success) return [];
  return parsed.data.testResults.flatMap(({ status, name, message, assertionResults }) => {
    const failed = assertionResults.filter((test) => test.status === "failed");
    if (status === "failed" && failed.length === 0) return [lineOf(name, "", message)];
    return failed.map(({ fullName, failureMessages }) => lineOf(name, fullName, failureMessages?.[0] ?? ""));
  });
}

const MOST = 300;
const lineOf = (file: string, test: string, message: string): string =>
  [file, test, message.split("\n", 1)[0] ?? ""]
    .filter((part) => part !== "")
    .join(" > ")
    .slice(0, MOST);

export function sum(all: readonly Counts[]): Counts {
  return all.reduce((a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped }), NONE);
}

/** The closing line. */
export function summaryLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped === 0 ? "" : `, ${skipped} skipped`}`;
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}

import { describe, expect, it } from "vitest";
import { countReport, failures, sum, summaryLine } from "../../../../tools/testing/counts.ts";

interface File {
  readonly status: string;
  readonly tests: readonly string[];
}

const report = (files: readonly File[]): string => {
  const all = files.flatMap(({ tests }) => tests);
  const count = (status: string): number => all.filter((each) => each === status).length;
  return JSON.stringify({
    numPassedTests: count("passed"),
    numFailedTests: count("failed"),
    numPendingTests: count("pending"),
    testResults: files.map(({ status, tests }) => ({ status, assertionResults: tests.map((each) => ({ status: each })) })),
  });
};

describe("the counts of a suite", () => {
  it.each([
    ["all passed", report([{ status: "passed", tests: ["passed", "passed"] }]), 0, { passed: 2, failed: 0, skipped: 0 }],
    ["one failed", report([{ status: "failed", tests: ["passed", "failed"] }]), 1, { passed: 1, failed: 1, skipped: 0 }],
    ["one skipped", report([{ status: "passed", tests: ["passed", "pending"] }]), 0, { passed: 1, failed: 0, skipped: 1 }],
    [
      "a file that could not be loaded",
      report([
        { status: "passed", tests: ["passed"] },
        { status: "failed", tests: [] },
      ]),
      1,
      { passed: 1, failed: 1, skipped: 0 },
    ],
    ["an error outside of the tests", report([{ status: "passed", tests: ["passed"] }]), 1, { passed: 1, failed: 1, skipped: 0 }],
    ["no test at all", report([]), 0, { passed: 0, failed: 1, skipped: 0 }],
    ["a crash before the report", undefined, 139, { passed: 0, failed: 1, skipped: 0 }],
    ["a crash within the report", '{"numPassedTests": 3', 1, { passed: 0, failed: 1, skipped: 0 }],
  ])("with %s", (_what, text, exitCode, counts) => {
    expect(countReport(text, exitCode)).toEqual(counts);
  });

  it("add up to the closing line that CI reads", () => {
    expect(
      summaryLine(
        sum([
          { passed: 3, failed: 0, skipped: 0 },
          { passed: 4, failed: 1, skipped: 0 },
        ]),
      ),
    ).toBe("7 passed, 1 failed");
    expect(summaryLine({ passed: 1, failed: 0, skipped: 2 })).toBe("1 passed, 0 failed, 2 skipped");
    expect(summaryLine(sum([]))).toBe("0 passed, 0 failed");
  });

  it("come with the names of what failed, and the first line of why", () => {
    const text = JSON.stringify({
      numPassedTests: 1,
      numFailedTests: 1,
      numPendingTests: 0,
      testResults: [
        {
          status: "failed",
          name: "test/a.test.ts",
          assertionResults: [
            { status: "passed", fullName: "a holds" },
            { status: "failed", fullName: "b holds", failureMessages: ["AssertionError: expected 1 to be 2\n    at test/a.test.ts:3"] },
          ],
        },
        { status: "failed", name: "test/b.test.ts", message: "Cannot find module\nsomewhere", assertionResults: [] },
      ],
    });
    expect(failures(text)).toEqual(["test/a.test.ts > b holds > AssertionError: expected 1 to be 2", "test/b.test.ts > Cannot find module"]);
    expect(failures(undefined)).toEqual([]);
  });
});

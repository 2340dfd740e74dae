import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { errorText, reportOf } from "../../src/cli/render/error.ts";
import { JsonReporter } from "../../src/cli/reporters/json.ts";
import { PlainReporter } from "../../src/cli/reporters/plain.ts";
import type { ShownEvent } from "../../src/cli/reporters/shown-event.ts";
import { TreeReporter } from "../../src/cli/reporters/tree.ts";
import { InstallerError } from "../../src/errors/index.ts";
import { formatIssue, parseInstallConfig } from "../../src/config/index.ts";
import { oneLine, printable, printableJson, quotedLines } from "../../src/util/index.ts";

const HIDDEN = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/u;
const LONE = /\p{Cs}/u;
const text = fc
  .array(
    fc.oneof(
      fc.string({ unit: "binary", maxLength: 6 }),
      fc.constantFrom(
        "\u001b[2J",
        "\u001b]0;title\u0007",
        "\u009b31m",
        "\u202egnp.exe",
        "\u2066",
        "\u200b",
        "\ufeff",
        "\r",
        "\n",
        "\u007f",
        "\ud800",
        "name",
      ),
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(""));

const event: fc.Arbitrary<ShownEvent> = fc.oneof(
  fc.record({ type: fc.constant("phase-started" as const), phase: text, title: text }),
  fc.record({ type: fc.constant("phase-ended" as const), phase: text, outcome: fc.constant("failed" as const), durationMs: fc.nat(), cause: text }),
  fc.record({
    type: fc.constant("estimate" as const),
    phase: text,
    remainingMs: fc.nat(),
    lowMs: fc.nat(),
    highMs: fc.nat(),
    runs: fc.nat(),
    overdue: fc.boolean(),
  }),
  fc.record({ type: fc.constant("waiting" as const), subject: text, reason: text, elapsedMs: fc.nat() }),
  fc.record({
    type: fc.constant("resource" as const),
    operation: text,
    urn: text,
    name: text,
    kind: text,
    status: fc.constantFrom("started" as const, "done" as const, "failed" as const),
  }),
  fc.record({ type: fc.constant("log" as const), level: fc.constantFrom("info" as const, "warning" as const, "error" as const), message: text }),
  fc.record({ type: fc.constant("result" as const), text, data: fc.dictionary(text, text) }),
);

const expectClean = (shown: string): void => {
  expect(shown).not.toMatch(HIDDEN);
  expect(shown).not.toMatch(LONE);
};

describe("whatever others' programs, files and clusters say", () => {
  it("nothing hidden is left in a line, in lines, or in JSON, which stays the same value", () =>
    fc.assert(
      fc.property(text, fc.dictionary(text, text), (any, object) => {
        expectClean(oneLine(any));
        expect(oneLine(any)).not.toContain("\n");
        expectClean(printable(any));
        expectClean(printableJson(object));
        expect(JSON.parse(printableJson(object))).toEqual(JSON.parse(JSON.stringify(object)));
        for (const line of quotedLines(any).split("\n").slice(1)) expect(line).toMatch(/^ {4}\| /);
      }),
    ));

  it("text without anything hidden stays as it is", () => {
    const usual = "Größe 3×: “ok” — 日本語, مرحبا, 🙂 c:\\x";
    expect([oneLine(usual), printable(`${usual}\n${usual}`)]).toEqual([usual, `${usual}\n${usual}`]);
  });

  it("reporters print nothing hidden, and no event makes a line that looks like another's", () =>
    fc.assert(
      fc.property(fc.array(event, { maxLength: 8 }), (events) => {
        const plain: string[] = [];
        let tree = "";
        const live = new TreeReporter(
          { write: (shown) => (tree += shown), columns: 80 },
          (shown) => (tree += shown),
          "debug",
          () => 0,
        );
        const reporters = [
          new PlainReporter(
            (line) => plain.push(line),
            (line) => plain.push(line),
            "debug",
          ),
          new JsonReporter((line) => plain.push(line), "debug"),
          live,
        ];
        for (const each of events) {
          const before = plain.length;
          for (const reporter of reporters) reporter.emit(each);
          if (each.type !== "result")
            for (const line of plain.slice(before).flatMap((shown) => shown.split("\n").slice(1))) expect(line).toMatch(/^ {4}\| /);
        }
        live.close();
        for (const line of plain) expectClean(line);
        // Our own colours, and the way up over the lines that are drawn anew.
        expectClean(tree.replaceAll(/\u001b\[\d*(;\d+)*[mAJ]/g, (code) => (/^\u001b\[(\d+A|0J|\d+m)$/.test(code) ? "" : code)));
      }),
    ));

  it("an error's text has one message, one value and one piece of advice", () =>
    fc.assert(
      fc.property(text, text, text, text, (what, value, detail, advice) => {
        const shown = errorText(reportOf(new InstallerError("EXEC_FAILED", what, { value, details: [detail], advice })));
        expectClean(shown);
        expect(shown.split("\n").filter((line) => /^ {2}(next|see): /.test(line)).length).toBeLessThanOrEqual(3);
        expect(shown.split("\n").filter((line) => line.startsWith("Error "))).toHaveLength(1);
      }),
    ));

  it("keys and values of an install-config", () =>
    fc.assert(
      fc.property(text, text, (key, value) => {
        const { errors, warnings } = parseInstallConfig(
          JSON.stringify({ apiVersion: "v1", [key]: value, baseDomain: value, metadata: { name: value } }),
        );
        for (const issue of [...errors, ...warnings]) expectClean(quotedLines(formatIssue(issue)));
      }),
      { numRuns: 50 },
    ));
});

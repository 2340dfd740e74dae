import { describe, expect, it } from "vitest";
import { formatElapsed, formatEstimate } from "../../../src/cli/reporters/format.ts";
import { JsonReporter } from "../../../src/cli/reporters/json.ts";
import { PlainReporter } from "../../../src/cli/reporters/plain.ts";
import type { ShownEvent } from "../../../src/cli/reporters/shown-event.ts";
import { TreeReporter } from "../../../src/cli/reporters/tree.ts";

const URN = "urn:pulumi:s::virt-ipi::virt-ipi:kvm:Machine::c-master-0";
const EVENTS: readonly ShownEvent[] = [
  { type: "phase-started", phase: "create-infrastructure", title: "Create the machines" },
  { type: "resource", operation: "create", urn: URN, name: "c-master-0", kind: "virt-ipi:kvm:Machine", status: "started" },
  { type: "waiting", subject: "c-master-0", reason: "waiting for an address", elapsedMs: 65_000 },
  { type: "resource", operation: "create", urn: URN, name: "c-master-0", kind: "virt-ipi:kvm:Machine", status: "done" },
  { type: "log", level: "debug", message: "only for the log" },
  { type: "log", level: "warning", message: "memory is short" },
  { type: "phase-ended", phase: "create-infrastructure", outcome: "done", durationMs: 3_723_000 },
  { type: "phase-ended", phase: "preflight", outcome: "failed", durationMs: 900, cause: "no libvirt\nsecond line" },
  { type: "result", text: "The cluster is up.", data: { cluster: "c" } },
];

describe("the plain reporter", () => {
  it("tells an event a line", () => {
    const lines: string[] = [];
    const reporter = new PlainReporter(
      (line) => lines.push(line),
      (text) => lines.push(`RESULT ${text}`),
      "info",
    );
    for (const event of EVENTS) reporter.emit(event);
    expect(lines).toEqual([
      "==> create-infrastructure: Create the machines",
      "    c-master-0: waiting for an address (1:05)",
      "    Machine c-master-0: created",
      "warning: memory is short",
      "<== create-infrastructure: done after 1:02:03",
      "<== preflight: failed after 0:00 (no libvirt)",
      "RESULT The cluster is up.",
    ]);
  });

  it("tells less at a higher level, but always the result", () => {
    const lines: string[] = [];
    const reporter = new PlainReporter(
      (line) => lines.push(line),
      (text) => lines.push(text),
      "warning",
    );
    for (const event of EVENTS) reporter.emit(event);
    expect(lines).toEqual(["warning: memory is short", "The cluster is up."]);
  });
});

const estimateOf = (minutes: number, more: object = {}) => ({
  type: "estimate" as const,
  phase: "create-infrastructure",
  remainingMs: minutes * 60_000,
  lowMs: minutes * 60_000,
  highMs: minutes * 60_000,
  runs: 5,
  overdue: false,
  ...more,
});

describe("the time that is left", () => {
  it.each([
    [estimateOf(4), "about 4 min left (5 earlier runs)"],
    [estimateOf(4, { lowMs: 170_000, highMs: 400_000 }), "about 4 min left, 3 to 7 (5 earlier runs)"],
    [estimateOf(1, { lowMs: 0, runs: 1 }), "about 1 min left (1 earlier run)"],
    [estimateOf(0.9), "less than a minute left (5 earlier runs)"],
    [estimateOf(4, { overdue: true }), "longer than in 5 earlier runs"],
  ])("%j is %s", (event, text) => {
    expect(formatEstimate(event)).toBe(text);
  });

  it("is a line where it changes, and nothing where it does not", () => {
    const lines: string[] = [];
    const reporter = new PlainReporter(
      (line) => lines.push(line),
      () => undefined,
      "info",
    );
    for (const minutes of [4, 4.1, 3, 3]) reporter.emit(estimateOf(minutes));
    expect(lines).toEqual(["    about 4 min left (5 earlier runs)", "    about 3 min left (5 earlier runs)"]);
  });
});

describe("the JSON reporter", () => {
  it("writes an event a line, the result last and flat", () => {
    const lines: string[] = [];
    const reporter = new JsonReporter(
      (line) => lines.push(line),
      "info",
      () => new Date("2026-01-02T03:04:05Z"),
    );
    for (const event of EVENTS) reporter.emit(event);
    expect(lines.map((line) => (JSON.parse(line) as { type: string }).type)).toEqual([
      "phase-started",
      "resource",
      "waiting",
      "resource",
      "log",
      "phase-ended",
      "phase-ended",
      "result",
    ]);
    expect(lines.at(-1)).toBe('{"time":"2026-01-02T03:04:05.000Z","type":"result","cluster":"c"}');
  });
});

describe("the tree", () => {
  /** What stands on a terminal after all that was written: cursor-up and erase are obeyed. */
  function screen() {
    let lines: string[] = [""];
    return {
      columns: 60,
      write: (text: string) => {
        for (const part of text.split(/(\u001b\[\d+A\u001b\[0J|\n)/)) {
          const up = /^\u001b\[(\d+)A/.exec(part);
          if (up !== null) lines = [...lines.slice(0, lines.length - 1 - Number(up[1])), ""];
          else if (part === "\n") lines.push("");
          else lines[lines.length - 1] += part.replaceAll(/\u001b\[[0-9;]*m/g, "");
        }
      },
      text: () => lines.filter((line) => line !== ""),
    };
  }

  it("shows the running phase with what it waits for, and keeps a line of each that is over", () => {
    const terminal = screen();
    let now = 0;
    const reporter = new TreeReporter(
      terminal,
      (text) => terminal.write(`${text}\n`),
      "info",
      () => now,
    );
    for (const event of EVENTS.slice(0, 3)) reporter.emit(event);
    now = 5_000;
    reporter.draw();
    expect(terminal.text().map((line) => line.replace(/^[⠀-⣿] /, ""))).toEqual([
      "Create the machines 0:05",
      "    Machine c-master-0: waiting for an address 0:05",
    ]);
    reporter.emit(estimateOf(4));
    expect(terminal.text()[1]).toBe("    about 4 min left (5 earlier runs)");
    reporter.emit({ type: "phase-started", phase: "next", title: "Create the machines" });
    expect(terminal.text()).toHaveLength(1);
    for (const event of EVENTS.slice(3)) reporter.emit(event);
    expect(terminal.text()).toEqual(["warning: memory is short", "✔ Create the machines 1:02:03", "✖  0:00 (no libvirt)", "The cluster is up."]);
  });

  it("cuts lines to the terminal's width", () => {
    const terminal = screen();
    const reporter = new TreeReporter(
      terminal,
      () => undefined,
      "info",
      () => 0,
    );
    reporter.emit({ type: "phase-started", phase: "x", title: "t".repeat(200) });
    expect(terminal.text().every((line) => line.length < 60)).toBe(true);
    reporter.close();
    expect(terminal.text()).toEqual([]);
  });
});

it.each([
  [0, "0:00"],
  [59_999, "0:59"],
  [60_000, "1:00"],
  [3_600_000, "1:00:00"],
])("formatElapsed(%i) is %s", (ms, text) => {
  expect(formatElapsed(ms)).toBe(text);
});

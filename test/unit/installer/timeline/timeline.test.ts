import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { machineCallOf, machineCallText } from "../../../../src/installer/machine-calls.ts";
import { timelinePage, type Timeline } from "../../../../src/installer/timeline/page.ts";
import { recordsOf } from "../../../../src/installer/timeline/records.ts";
import { endOf } from "../../../../src/installer/timeline/timeline.ts";
import { HOSTILE, pastOfAFolder } from "../../../helpers/past-of-a-folder.ts";

const { journal, log, startMs } = pastOfAFolder();
const records = recordsOf(journal, log);
const seconds = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : (ms - startMs) / 1_000);

describe("the records of a folder", () => {
  it("are a run for each time that a command ran", () => {
    expect(
      records.runs.map(({ command, phases, startMs: from, endMs }) => [
        command,
        seconds(from),
        seconds(endMs),
        phases.map(({ phase, outcome, endMs: to }) => [phase, outcome, seconds(to)]),
      ]),
    ).toEqual([
      [
        "create cluster",
        0,
        125,
        [
          ["preflight", "done", 5],
          ["create-infrastructure", "done", 65],
          ["bootstrap-complete", undefined, undefined],
        ],
      ],
      [
        "resume",
        200,
        404,
        [
          ["preflight", "done", 204],
          ["bootstrap-complete", "failed", 404],
        ],
      ],
      ["destroy cluster", 700, 710, [["destroy-resources", "done", 710]]],
    ]);
  });

  it("have what was created and removed, each with its run", () => {
    const [first, , last] = records.runs;
    expect(first?.resources.map(({ kind, startMs: from, endMs, failed }) => [kind, seconds(from), seconds(endMs), failed])).toEqual([
      ["Network", 6, 8, false],
      ["Machine", 8, 30, false],
      ["Machine", 8, 40, true],
    ]);
    expect(last?.resources.map(({ operation, name }) => [operation, name])).toEqual([["delete", "demo-x7k2p-master-0"]]);
    expect(first?.warnings.map(({ message }) => message)).toEqual([HOSTILE]);
  });

  it("have the machines of the cluster's own", () => {
    expect(records.machines.map(({ name, operation, startMs: from, endMs }) => [name, operation, seconds(from), seconds(endMs)])).toEqual([
      ["demo-x7k2p-worker-abcde", "create", 487.5, 500],
      ["demo-x7k2p-worker-abcde", "delete", 598, 600],
    ]);
    const call = { operation: "create", machine: "ns/m-0", milliseconds: 12_300 } as const;
    expect(machineCallOf(machineCallText(call) ?? "")).toEqual(call);
    expect(machineCallText({ ...call, operation: "exists" })).toBeUndefined();
    expect(machineCallOf("approved node m-0")).toBeUndefined();
  });

  it("are none of an empty folder", () => {
    expect(recordsOf([], "")).toEqual({ runs: [], machines: [] });
  });
});

const page = (more: Partial<Timeline> = {}): string =>
  timelinePage({
    cluster: HOSTILE,
    writtenAt: new Date("2026-03-01T13:00:00Z"),
    runs: records.runs.map((run) => ({ ...run, earlier: new Map([["create-infrastructure", [30_000, 50_000, 40_000]]]) })),
    machines: records.machines,
    consoles: new Map([["demo-x7k2p-master-0", `last words\n${HOSTILE}`]]),
    ...more,
  });

describe("the page", () => {
  it("takes nothing from elsewhere, and others' texts as text", () => {
    const text = page();
    expect(text).not.toMatch(/<(script|img|link|iframe|object|embed|base|form)\b|\son\w+="|\sstyle="|url\(|@import/i);
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202a-\u202e]/);
    expect(text).toContain("last words\n&#60;img src=&#34;https://example.test/x.png&#34; onerror=&#34;window.hacked=1&#34;&#62;");
    const style = /<style>([^<]*)<\/style>/.exec(text)?.[1] ?? "";
    expect(text).toContain(`default-src &#39;none&#39;; style-src &#39;sha256-${createHash("sha256").update(style).digest("base64")}&#39;`);
  });

  it("shows phases, machines and what earlier runs took", () => {
    const text = page();
    for (const part of [
      "<h2>create cluster</h2>",
      "<h2>resume</h2>",
      "<h2>destroy cluster</h2>",
      "<td>Title of create-infrastructure</td>",
      "0:40 (3), 0:30 to 0:50",
      "0:40 in 3 earlier runs",
      "create demo-x7k2p-master-0: done, 0:22",
      "<h2>Machines of the cluster's own</h2>",
      "delete demo-x7k2p-worker-abcde: done, 0:02",
      '<td class="failed">failed</td>',
      '<td class="unfinished">unfinished</td>',
    ])
      expect(text).toContain(part);
  });

  it("says so where there is nothing", () => {
    expect(page({ runs: [], machines: [], consoles: new Map() })).toContain("No run of this folder is on record.");
  });
});

describe("the end of a console", () => {
  it("is its last lines, without what only a terminal understands", () => {
    const console = `${Array.from({ length: 100 }, (_, index) => `line ${index}`).join("\r\n")}\r\n\u001b[32m[  OK  ]\u001b[0m Started\r\n\u001b]0;title\u0007login: \r50%\r100%\r\n\n`;
    const lines = endOf(console).split("\n");
    expect(lines).toHaveLength(60);
    expect(lines.slice(-3)).toEqual(["line 99", "[  OK  ] Started", "100%"]);
  });
});

import { describe, expect, it } from "vitest";
import { errorsPage } from "../../../tools/reference/errors.ts";
import { eventsPage, parseEvents } from "../../../tools/reference/events.ts";
import { table } from "../../../tools/reference/page.ts";
import { phasesPage } from "../../../tools/reference/phases.ts";
import { preflightPage } from "../../../tools/reference/preflight.ts";

describe("table", () => {
  it("keeps cells in their row", () => {
    expect(table(["a", "b"], [["x | y", "one\n  two"]])).toBe("| a | b |\n| --- | --- |\n| x \\| y | one two |");
  });
});

describe("errorsPage", () => {
  const page = errorsPage({
    SECOND: { exit: "config", title: "Second.", advice: "Fix it." },
    FIRST: { exit: "other", title: "First.", advice: "Wait." },
  });

  it("gives each error a heading to link to, in order of id", () => {
    expect(page.indexOf("### FIRST")).toBeGreaterThan(0);
    expect(page.indexOf("### SECOND")).toBeGreaterThan(page.indexOf("### FIRST"));
    expect(page).toContain("| [SECOND](#second) | 3 |");
  });

  it("tells exit code and advice", () => {
    expect(page).toContain("### SECOND\n\nSecond.\n\nExit code 3 (config). Fix it.");
  });
});

describe("parseEvents", () => {
  const source = `
/** Not of an event. */
export type InstallerEvent =
  | { readonly type: "begun"; readonly what: string }
  /** It is over:
   *  for good. */
  | { readonly type: "ended"; readonly how: How; readonly cause?: string };
export type How = "well" | "badly";
`;

  it("reads members, their comments, optional fields and aliases", () => {
    const { events, aliases } = parseEvents(source);
    expect(events.map((event) => [event.type, event.comment])).toEqual([
      ["begun", ""],
      ["ended", "It is over: for good."],
    ]);
    expect(events[1]?.fields).toEqual([
      { name: "how", type: "How", optional: false },
      { name: "cause", type: "string", optional: true },
    ]);
    expect(aliases.get("How")).toBe('"well" | "badly"');
  });

  it("refuses a file without events, rather than writing an empty page", () => {
    expect(() => parseEvents("export type Other = 1;")).toThrow("no InstallerEvent");
  });

  it("prints aliases with their values", () => {
    expect(eventsPage(source)).toContain('| `how` | `"well" \\| "badly"` |');
  });
});

describe("phasesPage", () => {
  it("keeps the order of the list", () => {
    const page = phasesPage([
      { id: "second-nature", title: "Do this" },
      { id: "first-things", title: "Do that" },
    ]);
    expect(page).toContain("| 1 | `second-nature` | Do this |\n| 2 | `first-things` | Do that |");
  });

  it("refuses an empty list", () => {
    expect(() => phasesPage([])).toThrow("no phases");
  });
});

describe("preflightPage", () => {
  it("has a section for each platform, and refuses one without checks", () => {
    expect(preflightPage({ kvm: [{ id: "memory", title: "there is memory" }] })).toContain(
      "## kvm\n\n| id | what must hold |\n| --- | --- |\n| `memory` | there is memory |",
    );
    expect(() => preflightPage({ kvm: [] })).toThrow("no checks");
  });
});

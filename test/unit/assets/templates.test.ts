import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readTemplates, renderTemplate } from "../../../src/assets/templates.ts";

const source = (text: string): Map<string, string> => new Map([["t", text]]);

describe("renderTemplate", () => {
  it("fills every place", () => {
    expect(renderTemplate(source("{{a}}-{{b}}-{{a}}"), "t", { a: "x", b: 2 })).toBe("x-2-x");
  });

  it("leaves Go templates and shell braces alone", () => {
    const text = "kubectl get -o go-template='{{.status}}' ${VAR} { a; }";
    expect(renderTemplate(source(text), "t")).toBe(text);
  });

  it.each<[string, string, Record<string, string>, string]>([
    ["a missing value", "{{a}} {{b}}", { a: "1" }, "b"],
    ["an unused value", "{{a}}", { a: "1", c: "2" }, "c"],
    ["a name inherited from Object", "{{toString}}", {}, "toString"],
    ["blanks inside the braces", "{{ a }}", {}, "{{ a }}"],
    ["a place that is not closed", "x {{a} y", {}, "{{a"],
  ])("refuses %s", (_, text, values, value) => {
    expect(() => renderTemplate(source(text), "t", values)).toThrow(expect.objectContaining({ id: "TEMPLATE_INVALID", value }) as Error);
  });

  it("refuses a template that is not there", () => {
    expect(() => renderTemplate(source(""), "other")).toThrow("no template other");
  });
});

describe("readTemplates", () => {
  it("reads all files below a folder, by their paths", async () => {
    const folder = mkdtempSync(join(tmpdir(), "templates-"));
    try {
      mkdirSync(join(folder, "kubernetes/units"), { recursive: true });
      writeFileSync(join(folder, "kubernetes/units/a.service"), "[Unit]\n");
      writeFileSync(join(folder, "top"), "t");
      expect([...(await readTemplates(folder))]).toEqual([
        ["kubernetes/units/a.service", "[Unit]\n"],
        ["top", "t"],
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("says which folder cannot be read", async () => {
    await expect(readTemplates("/nowhere/templates")).rejects.toMatchObject({ id: "FILE_UNREADABLE", value: "/nowhere/templates" });
  });
});

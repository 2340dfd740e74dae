import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { diagnosedCases, diagnosedCasesOf, diagnosesPage, WITHOUT_CASE, type DiagnosedCase } from "../../../tools/reference/diagnoses.ts";
import { ROOT } from "../../helpers/markdown.ts";

/** Every id that the observers of virtualization name in their code. */
async function givenIds(): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  for await (const file of glob("src/virtualization/observe/**/*.ts", { cwd: ROOT }))
    for (const [, id = ""] of (await readFile(join(ROOT, file), "utf8")).matchAll(/"(VIRT_[A-Z_]+)"/g)) ids.add(id);
  return ids;
}

/** What is wrong with declarations and reasons, for the ids that are given. */
function faults(given: ReadonlySet<string>, cases: readonly DiagnosedCase[], without: Readonly<Record<string, string>>): readonly string[] {
  const shown = new Set(cases.flatMap(({ ids }) => ids));
  const reasons = Object.keys(without);
  return [
    ...[...given].filter((id) => !shown.has(id) && !reasons.includes(id)).map((id) => `${id}: neither a test nor a reason`),
    ...reasons.filter((id) => shown.has(id)).map((id) => `${id}: a test and a reason for none`),
    ...[...shown, ...reasons].filter((id) => !given.has(id)).map((id) => `${id}: no observer gives it`),
    ...cases.flatMap(({ file, test, ids, text }) =>
      ids.filter((id) => !text.includes(`"${id}"`)).map((id) => `${file}: ${test}: does not name ${id}`),
    ),
  ];
}

const declared = (comment: string, test: string): string => `describe("x", () => {\n  ${comment}\n  ${test}\n});\n`;
const TEST = 'it("a sign", () => expect(id).toBe("VIRT_A"));';

describe("diagnoses of virtualization", () => {
  it("are each brought about by a test with the programs themselves, or have a reason why not", async () => {
    const given = await givenIds();
    expect(given.size).toBeGreaterThan(25);
    expect(faults(given, await diagnosedCases(ROOT), WITHOUT_CASE)).toEqual([]);
  });

  it("are found missing, superfluous, and declared above a test of something else", () => {
    const cases = diagnosedCasesOf("t.ts", declared("/** @diagnoses VIRT_A, VIRT_B as OLM shows them */", TEST));
    expect(cases).toMatchObject([{ ids: ["VIRT_A", "VIRT_B"], shownBy: "OLM", test: "a sign" }]);
    expect(faults(new Set(["VIRT_A", "VIRT_C"]), cases, { VIRT_A: "none" })).toEqual([
      "VIRT_C: neither a test nor a reason",
      "VIRT_A: a test and a reason for none",
      "VIRT_B: no observer gives it",
      "t.ts: a sign: does not name VIRT_B",
    ]);
  });

  it("may be declared above the cases of a table", () => {
    const test = 'it.each([["x", "VIRT_A"]])("a sign: %s", (_, id) => expect(id).toBe(id));';
    const cases = diagnosedCasesOf("t.ts", declared("/** @diagnoses VIRT_A as Kubernetes shows it */", test));
    expect(faults(new Set(["VIRT_A"]), cases, {})).toEqual([]);
  });

  it.each([
    ["above no test", "/** @diagnoses VIRT_A as OLM shows it */", "const a = 1;"],
    ["above a group of tests", "/** @diagnoses VIRT_A as OLM shows it */", 'describe("y", () => undefined);'],
    ["without whose words they are", "/** @diagnoses VIRT_A */", TEST],
  ])("are refused %s", (_, comment, test) => {
    expect(() => diagnosedCasesOf("t.ts", declared(comment, test))).toThrow(/^t\.ts: /);
  });

  it("have a page that refuses ids which the catalogue of errors does not know", () => {
    const cases = diagnosedCasesOf("t.ts", declared("/** @diagnoses VIRT_A as OLM shows it */", TEST));
    expect(() => diagnosesPage(cases, {})).toThrow("no error is called VIRT_A");
    expect(diagnosesPage([], { VIRT_POD_MOUNT: "no kubelet" })).toContain(
      "| [VIRT_POD_MOUNT](errors.md#virt_pod_mount) | A pod cannot mount one of its volumes. | no kubelet |",
    );
  });
});

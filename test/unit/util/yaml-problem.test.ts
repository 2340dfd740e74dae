import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { parseInstallConfig } from "../../../src/config/index.ts";
import { YAML_PROBLEMS, yamlProblem } from "../../../src/util/yaml-problem.ts";

/** The codes that the installed version of the library declares. */
const DECLARED = [
  ...(/type ErrorCode = ([^;]*);/
    .exec(readFileSync(new URL("../../../node_modules/yaml/dist/errors.d.ts", import.meta.url), "utf8"))?.[1]
    ?.matchAll(/'([A-Z0-9_]+)'/g) ?? []),
].map(([, code]) => code);

const CANARY = "S3cretPw";

/** Text that brings each code which a file can bring, with a canary where the library quotes the text. */
const BROKEN: readonly (readonly [code: string, text: string])[] = [
  ["UNEXPECTED_TOKEN", `a: |${CANARY}\n  x\n`],
  ["UNEXPECTED_TOKEN", `a: >${CANARY} ${CANARY}\n`],
  ["UNEXPECTED_TOKEN", `a: "x" ${CANARY}\n`],
  ["UNEXPECTED_TOKEN", `a: {x: 1} ${CANARY}\n`],
  ["BLOCK_AS_IMPLICIT_KEY", `a: ${CANARY}: b\n`],
  ["BAD_SCALAR_START", `a: @${CANARY}\n`],
  ["BAD_SCALAR_START", `a: \`${CANARY}\n`],
  ["BAD_DQ_ESCAPE", `a: "\\${CANARY}"\n`],
  ["BAD_DQ_ESCAPE", `a: "\\x${CANARY}"\n`],
  ["TAG_RESOLVE_FAILED", `a: !p!${CANARY} x\n`],
  ["TAG_RESOLVE_FAILED", `a: !<${CANARY} x\n`],
  ["MULTIPLE_TAGS", `a: !${CANARY} !x y\n`],
  ["MULTIPLE_ANCHORS", `a: &${CANARY} &x y\n`],
  ["BAD_ALIAS", `a: *${CANARY}:\n`],
  ["BAD_DIRECTIVE", `%${CANARY}\n---\na: 1\n`],
  ["MISSING_CHAR", `a: "${CANARY}\n`],
  ["MULTILINE_IMPLICIT_KEY", `${CANARY}\nb: 1\n`],
  ["BAD_INDENT", `a: [${CANARY}\n`],
  ["MULTILINE_IMPLICIT_KEY", `${CANARY}\n x: 1\n`],
  ["TAB_AS_INDENT", `a:\n\t${CANARY}: 1\n`],
  ["KEY_OVER_1024_CHARS", `a: [${CANARY}${"x".repeat(2000)}: 1]\n`],
  ["BLOCK_IN_FLOW", `a: {\n - ${CANARY} }\n`],
  ["ALIAS_PROPS", `a: !x *${CANARY}\n`],
];

describe("yamlProblem", () => {
  it("knows every code of the library", () => {
    expect(DECLARED.length).toBeGreaterThan(20);
    expect(Object.keys(YAML_PROBLEMS).toSorted()).toEqual(DECLARED.toSorted((a = "", b = "") => (a < b ? -1 : 1)));
  });

  it.each(BROKEN.map(([code, text]) => [code, text.slice(0, 40), text] as const))("%s: %j", (code, _, text) => {
    const documents = parseAllDocuments(text);
    const errors = (Array.isArray(documents) ? documents : []).flatMap((document) => [...document.errors, ...document.warnings]);
    expect(errors.map((error) => error.code)).toContain(code);
    for (const error of errors) {
      expect(yamlProblem(error)).not.toContain(CANARY);
      expect(yamlProblem(error)).toMatch(/ \(\d+:\d+\)$/);
    }
    const { errors: issues } = parseInstallConfig(text);
    expect(issues.length).toBeGreaterThan(0);
    expect(JSON.stringify(issues.map(({ message, value }) => [message, value]))).not.toContain(CANARY);
  });

  it.each([
    ["a: *S3cretPw\n", /Unresolved alias/],
    ["a: &a 1\n<<: *a\n", /only a mapping/],
  ])("speaks of what is thrown later: %j", (text, problem) => {
    const documents = parseAllDocuments(text, { merge: true });
    let thrown: unknown;
    try {
      for (const document of Array.isArray(documents) ? documents : []) document.toJS();
    } catch (error) {
      thrown = error;
    }
    expect(yamlProblem(thrown)).toMatch(problem);
    expect(yamlProblem(thrown)).not.toContain(CANARY);
  });

  it("says something of a code that a later version may bring", () => {
    expect(yamlProblem({ code: "NEW", message: CANARY })).toBe(YAML_PROBLEMS.IMPOSSIBLE);
  });
});

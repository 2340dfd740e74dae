import { glob, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import ts from "typescript";
import { CATALOGUE, type ErrorId } from "../../src/errors/index.ts";
import { code, page, table } from "./page.ts";

/** A test that declares which diagnoses it brings about with the programs themselves. */
export interface DiagnosedCase {
  /** Path in the repository. */
  readonly file: string;
  readonly ids: readonly string[];
  /** Whose words and conditions they are: `OLM`. */
  readonly shownBy: string;
  readonly test: string;
  /** Source of the test, with the table of its cases. */
  readonly text: string;
}

/** Why no test brings the others about with the programs themselves. */
export const WITHOUT_CASE: Partial<Readonly<Record<ErrorId, string>>> = {
  VIRT_BOOT_SOURCE:
    "It takes an import that fails: CDI's importer needs a Go module of libnbd that is not available here, and images are not pulled. The condition UpToDate of a DataImportCron is read as CDI's sources set it.",
  VIRT_DEFINITION_MISSING:
    "Only HCO's operator says it, in the log of its pod, and that exists as an image only, which is not pulled. Its sources ask for MigController at every start.",
  VIRT_POD_MOUNT: "Only kubelet says it, by an event. Where operators run in tests, pods are played by kwok, which mounts nothing.",
};

const DECLARATION = /^\/\*\*\s+@diagnoses\s+(\w+(?:,\s+\w+)*)\s+as\s+(.+?)\s+shows?\s+(?:it|them)\s+\*\/$/s;

/**
 * The declarations of a file: `@diagnoses ID, ID as OLM shows them` in the comment directly above a test.
 * @throws Error when one is not understood, or stands elsewhere
 */
export function diagnosedCasesOf(file: string, text: string): readonly DiagnosedCase[] {
  const written = text.match(/^\s*\/\*\*\s+@diagnoses\b/gm)?.length ?? 0;
  if (written === 0) return [];
  const cases: DiagnosedCase[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isExpressionStatement(node) && ts.isCallExpression(node.expression)) {
      const comment = (ts.getLeadingCommentRanges(text, node.getFullStart()) ?? []).map(({ pos, end }) => text.slice(pos, end)).at(-1);
      const { expression: called, arguments: given } = node.expression;
      const [name] = given;
      if (comment?.includes("@diagnoses") === true && /^it\b/.test(called.getText(source)) && name !== undefined && ts.isStringLiteralLike(name)) {
        const [, ids, shownBy] = DECLARATION.exec(comment) ?? [];
        if (ids === undefined || shownBy === undefined) throw new Error(`${file}: not understood: ${comment}`);
        cases.push({ file, ids: ids.split(/,\s+/), shownBy: shownBy.replaceAll(/\s+/g, " "), test: name.text, text: node.getText(source) });
      }
    }
    ts.forEachChild(node, visit);
  };
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
  visit(source);
  if (written !== cases.length) throw new Error(`${file}: ${written - cases.length} of its @diagnoses stand above no test`);
  return cases;
}

/** The cases of all tests that run programs. @param root of the repository */
export async function diagnosedCases(root: string): Promise<readonly DiagnosedCase[]> {
  const cases: DiagnosedCase[] = [];
  for await (const file of glob("test/{integration,e2e,nightly}/**/*.test.ts", { cwd: root }))
    cases.push(...diagnosedCasesOf(file, await readFile(join(root, file), "utf8")));
  return cases.toSorted((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0));
}

/** docs/reference/diagnoses.md. @throws Error when a declaration names an id that the catalogue does not know */
export function diagnosesPage(cases: readonly DiagnosedCase[], without: Partial<Readonly<Record<string, string>>> = WITHOUT_CASE): string {
  const meaningOf = (id: string): readonly [string, string] => {
    const entry = CATALOGUE[id as ErrorId] as (typeof CATALOGUE)[ErrorId] | undefined;
    if (entry === undefined) throw new Error(`${cases.find(({ ids }) => ids.includes(id))?.file ?? ""}: no error is called ${id}`);
    return [`[${id}](errors.md#${id.toLowerCase()})`, entry.title];
  };
  const shown = [...new Set(cases.flatMap(({ ids }) => ids))].toSorted();
  const linksOf = (id: string): string =>
    cases
      .filter(({ ids }) => ids.includes(id))
      .map(({ file, test, shownBy }) => `${shownBy}: ${test} ([${code(basename(file, ".test.ts"))}](../../${file}))`)
      .join("; ");
  return page(
    "# Diagnoses of virtualization",
    "Why virtualization does not work is read from what the cluster shows of it: conditions, reasons, messages. This page says of each diagnosis which test brings it about with the program whose words they are, and of the others why there is no such test. A test of this page finds a diagnosis that is in neither table.",
    "## Shown by the programs themselves",
    table(
      ["diagnosis", "meaning", "shown by, in which test"],
      shown.map((id) => [...meaningOf(id), linksOf(id)]),
    ),
    "## Known from sources and documentation",
    table(
      ["diagnosis", "meaning", "why no test shows it"],
      Object.entries(without)
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([id, why]) => [...meaningOf(id), why ?? ""]),
    ),
  );
}

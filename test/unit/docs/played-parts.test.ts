import { existsSync } from "node:fs";
import { join, normalize, dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { modulesOf, playedPartsOf, playedPartsPage, type Module } from "../../../tools/reference/played-parts.ts";
import { ROOT } from "../../helpers/markdown.ts";

/** What shows that a module plays a part: its name, what it exports, a server of its own, another runner of programs, or the word in a comment. */
const SIGNS: readonly RegExp[] = [
  /^file:.*\b(?:played|fake|stand-in)/i,
  /^export (?:async )?(?:class|function|const) \w*(?:Played|Fake|StandIn)\w*/m,
  /createServer\([^)]|: Runner = |\): Runner \{/,
  /(?:\/\/|\/\*\*|^\s*\*).*\b(?:[Pp]lays|stands in)\b/m,
];

/** Modules that play a part and say nothing of it, and use none of a module that does. */
function undeclared(modules: readonly Module[]): readonly string[] {
  const declared = new Set(modules.filter(({ file, text }) => playedPartsOf(file, text).length > 0).map(({ file }) => file));
  // A part of several modules has a folder of its own.
  const folders = [...declared].map(dirname).filter((path) => /played|fake|stand-in/i.test(path));
  return modules
    .filter(
      ({ file, text }) =>
        !declared.has(file) && !folders.some((folder) => file.startsWith(`${folder}/`)) && SIGNS.some((sign) => sign.test(`file:${file}\n${text}`)),
    )
    .filter(({ file, text }) => !importsOf(file, text).some((path) => declared.has(path)))
    .map(({ file }) => file);
}

const importsOf = (file: string, text: string): readonly string[] =>
  [...text.matchAll(/from "(\.[^"]+)"/g)].map(([, path = ""]) => normalize(join(dirname(file), path)));

describe("parts that tests play", () => {
  it("are all declared where they are played", async () => {
    expect(undeclared(await modulesOf(ROOT))).toEqual([]);
  });

  it("name files that exist for where the real part runs", async () => {
    const parts = (await modulesOf(ROOT)).flatMap(({ file, text }) => playedPartsOf(file, text));
    const paths = parts.flatMap(({ real, contract }) => `${real} ${contract}`.match(/\b(?:test|src|tools|plugins)\/[\w/.-]*\w/g) ?? []);
    expect(paths.length).toBeGreaterThan(5);
    expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
    for (const { real, plays } of parts) expect([plays, /\btest\/|^no test here$/.test(real)]).toEqual([plays, true]);
  });

  it.each([
    ["test/helpers/fake-registry.ts", "export const registry = 1;\n"],
    ["test/helpers/registry.ts", "export class PlayedRegistry {}\n"],
    ["test/helpers/registry.ts", "/** Plays a registry. */\nexport const registry = 1;\n"],
    ["test/helpers/registry.ts", "createServer(answer).listen(0);\n"],
    ["test/helpers/ssh.ts", "export function host(): Runner {\n"],
  ])("are found without a declaration: %s", (file, text) => {
    expect(undeclared([{ file, text }])).toEqual([file]);
  });

  it("may be used by others without one", () => {
    const declaration = "/**\n * @plays a registry\n * @contract pulls\n * @because none is reached\n * @real no test here\n */\n";
    const modules = [
      { file: "test/helpers/registry.ts", text: `${declaration}server.listen(0);\n` },
      { file: "test/helpers/olm/rig.ts", text: 'import { registry } from "../registry.ts";\n/** Plays the cluster, too. */\n' },
    ];
    expect(undeclared(modules)).toEqual([]);
    expect(playedPartsPage(modules)).toContain(
      "| a registry | [`registry.ts`](../../test/helpers/registry.ts) | pulls | none is reached | no test here |",
    );
  });

  it("are refused with a declaration that is not complete", () => {
    expect(() => playedPartsOf("a.ts", "/**\n * @plays a registry\n * @contract pulls\n * @real no test here\n */")).toThrow(
      "a.ts: what it plays has no @because",
    );
  });
});

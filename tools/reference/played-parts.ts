import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { code, page, table } from "./page.ts";

/** A part that tests play, as the code says that plays it. */
export interface PlayedPart {
  /** Path in the repository. */
  readonly file: string;
  readonly plays: string;
  /** What it does as the real one does, and how that is known. */
  readonly contract: string;
  /** Why the real one is not there. */
  readonly because: string;
  /** Files whose tests run the real one; a text where none does. */
  readonly real: string;
}

const TAGS = ["plays", "contract", "because", "real"] as const;

/** Where parts are played: modules that tests share, and the simulator among the tools. */
const FOLDERS: readonly string[] = ["test/helpers", "tools/vcsim"];

/**
 * The declarations of a file: a comment with the tags `@plays`, `@contract`, `@because` and `@real`, each over as many lines as it takes.
 * @throws Error when a declaration lacks a tag
 */
export function playedPartsOf(file: string, text: string): readonly PlayedPart[] {
  const comments = [...text.matchAll(/\/\*\*(.*?)\*\//gs)].map(([, comment = ""]) => comment.replaceAll(/\n\s*\* ?/g, "\n"));
  return comments
    .filter((comment) => comment.includes("@plays "))
    .map((comment) => {
      const values: Readonly<Record<string, string>> = Object.fromEntries(
        comment
          .split(/(?:^|\n)\s*@/)
          .slice(1)
          .map(tagOf),
      );
      for (const tag of TAGS) if ((values[tag] ?? "") === "") throw new Error(`${file}: what it plays has no @${tag}`);
      const { plays = "", contract = "", because = "", real = "" } = values;
      return { file, plays, contract, because, real };
    });
}

function tagOf(text: string): readonly [tag: string, value: string] {
  const [, tag = "", value = ""] = /^(\w+)\s+(.*)$/s.exec(text.trim()) ?? [];
  return [tag, value.replaceAll(/\s+/g, " ").trim()];
}

export interface Module {
  /** Path in the repository. */
  readonly file: string;
  readonly text: string;
}

/** What may play a part: every module that is no test itself. @param root of the repository */
export async function modulesOf(root: string): Promise<readonly Module[]> {
  const files = (await Promise.all(FOLDERS.map((folder) => readdir(join(root, folder), { recursive: true, withFileTypes: true })))).flat();
  const paths = files
    .filter((entry) => entry.isFile() && /(?<!\.test)\.ts$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll("\\", "/"));
  return await Promise.all(paths.toSorted().map(async (file) => ({ file, text: await readFile(join(root, file), "utf8") })));
}

/** docs/reference/played-parts.md. @param modules those that may play a part */
export function playedPartsPage(modules: readonly Module[]): string {
  const parts = modules.flatMap(({ file, text }) => playedPartsOf(file, text)).toSorted((a, b) => a.plays.localeCompare(b.plays));
  const rows = ({ file, plays, contract, because, real }: PlayedPart): readonly string[] => [
    plays,
    `[${code(file.replace(/^test\/(helpers\/)?/, ""))}](../../${file})`,
    contract,
    because,
    real.replaceAll(/\btest\/[\w/.-]+/g, (path) => `[${code(path.replace(/^test\//, ""))}](../../${path})`),
  ];
  return page(
    "# What tests play",
    "Tests run the real programs. What they cannot run, or must have do what a real one does at no bidding, code in the place of it plays. Each such part says so itself, in its head, and this table is what they say: `npm run check -- docs tests` finds one that is missing here.",
    table(["part", "played by", "what it does as the real one does", "because", "the real one runs in"], parts.map(rows)),
    "Unit tests hand values and small servers of their own to the code that they try; those are not listed.",
  );
}

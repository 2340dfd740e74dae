import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { TERMS } from "../../../tools/reference/glossary.ts";
import { OLD_WORDS, oldWordsIn } from "../../../tools/words.ts";
import { ROOT } from "../../helpers/markdown.ts";

/**
 * All that people read, but for the decisions (docs/adr), which stay as they were taken, and the table of the old words itself.
 */
const TEXTS = [
  "README.md",
  "docs/**/*.md",
  "*.example.yaml",
  "examples/**",
  "Containerfile",
  "{src,setup,plugins,tools,bench,bin}/**/*",
  "templates/**/*",
];
const NOT_READ = [
  /^docs\/adr\//,
  /^docs\/reference\/glossary\.md$/,
  /^tools\/words\.ts$/,
  /^tools\/reference\/glossary\.ts$/,
  /(?:^|\/)node_modules\//,
  /\.(?:sum|pem|gz|tgz|json)$/,
];

/** What a program prints: every text of its source with a blank in it, with … for what is put in. */
function messagesOf(path: string, source: string): readonly string[] {
  const texts: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) texts.push(node.text);
    if (ts.isTemplateExpression(node)) texts.push(node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join(""));
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, source, ts.ScriptTarget.Latest));
  return texts.filter((text) => text.includes(" "));
}

async function textFiles(): Promise<readonly (readonly [path: string, text: string])[]> {
  const files: (readonly [string, string])[] = [];
  for await (const entry of glob(TEXTS, { cwd: ROOT, withFileTypes: true })) {
    const full = join(entry.parentPath, entry.name);
    const path = full.slice(ROOT.length + 1);
    if (entry.isFile() && !NOT_READ.some((pattern) => pattern.test(path))) files.push([path, await readFile(full, "utf8")]);
  }
  return files;
}

const files = await textFiles();

describe("texts that people read", () => {
  it("have none of the old words, nor have names of files", () => {
    expect(files.length).toBeGreaterThan(500);
    expect(files.flatMap(([path, text]) => [...oldWordsIn(text, false), ...oldWordsIn(path, false)].map((found) => `${path}:${found}`))).toEqual([]);
  });

  it("say in messages what is created, and what continues", () => {
    const sources = files.filter(([path]) => /^(?:src|setup|plugins)\/.*\.ts$/.test(path));
    const messages = sources.flatMap(([path, text]) => messagesOf(path, text).map((message) => [path, message] as const));
    expect(messages.length).toBeGreaterThan(2_000);
    expect(messages.flatMap(([path, message]) => oldWordsIn(message, true).map((found) => `${path}: ${found} (${message})`))).toEqual([]);
  });

  it.each(OLD_WORDS.flatMap(({ old, where }) => old.split(/, (?=\w)/).map((word) => ({ word: word.replace(/ \(.*/, ""), where }))))(
    "do not say: $word",
    ({ word, where }) => {
      expect(oldWordsIn(word === "looks/" ? "observe/looks/a.ts" : word === "more-rows" ? "more-rows.ts" : word, where === "messages")).not.toEqual(
        [],
      );
    },
  );

  it.each([
    "a whole number, not a fraction",
    "mirrors of a whole registry",
    "which of the user's files were read",
    "make sure that its version fits",
    "create it again",
    "an address that it may have",
  ])("may say: %s", (text) => {
    expect(oldWordsIn(text, true)).toEqual([]);
  });
});

describe("the glossary", () => {
  it("explains each term once, shortly, in the order of the alphabet", () => {
    const terms = TERMS.map(([term]) => term);
    expect(terms).toEqual([...new Set(terms)].toSorted((a, b) => a.localeCompare(b, "en")));
    expect(TERMS.filter(([, meaning]) => meaning.length > 160 || !meaning.endsWith("."))).toEqual([]);
  });

  it("has terms that the texts use", () => {
    const all = files.map(([, text]) => text.toLowerCase()).join("\n");
    expect(TERMS.map(([term]) => term).filter((term) => !all.includes(term.toLowerCase()))).toEqual([]);
  });

  it("obeys its own words", () => {
    expect(TERMS.flatMap(([, meaning]) => oldWordsIn(meaning, true))).toEqual([]);
  });
});

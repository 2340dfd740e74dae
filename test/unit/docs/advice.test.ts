import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { explain } from "../../../src/config/index.ts";
import { unwrap, walkSchema } from "../../../src/config/fields/walk.ts";
import { checkStructure } from "../../../src/config/load/structure.ts";
import { loadDocument } from "../../../src/config/load/yaml.ts";
import { installConfigSchema } from "../../../src/config/schema/install-config.ts";
import { readDocs, ROOT } from "../../helpers/markdown.ts";

/** What people are told to write into an install-config, in the documentation and in messages. */
interface Saying {
  readonly at: string;
  readonly text: string;
}

const PATHS: string[] = [""];
const ENUMS = new Map<string, Set<string>>();
walkSchema(installConfigSchema, (path, schema) => {
  PATHS.push(path.replaceAll("[]", ""));
  const inner = unwrap(schema);
  const key = path.split(".").at(-1) ?? "";
  if (inner instanceof z.ZodEnum) ENUMS.set(key, new Set([...(ENUMS.get(key) ?? []), ...inner.options.map(String)]));
});
const ROOTS = Object.keys(installConfigSchema.shape);

/** What is wrong with a piece of YAML at a path, as far as the structure goes: a value, or lines of a mapping or list. */
function wrongAt(path: string, yaml: string): readonly string[] {
  const keys = path === "" ? [] : path.split(".");
  const isList = (end: number): boolean => explain(keys.slice(0, end).join("."))?.type.startsWith("list of ") === true;
  const text = keys.reduceRight((inner, key, index) => {
    if (!inner.includes("\n") && !inner.includes(": ")) return `${key}: ${inner}`;
    const item = isList(index + 1) && !inner.startsWith("- ") ? `- ${inner.replaceAll("\n", "\n  ")}` : inner;
    return `${key}:\n  ${item.replaceAll("\n", "\n  ")}`;
  }, yaml.trimEnd());
  const { data, issues, errors, warnings } = loadDocument(text);
  return [...issues, ...errors, ...warnings, ...checkStructure(data).issues].map((issue) => `${issue.path}: ${issue.message}`);
}

const DOTTED = new RegExp(`(?<![\\w./$-])((?:${ROOTS.join("|")})(?:\\.[a-zA-Z0-9]+|\\[\\d*\\])+)(?!\\w)(?::[ ]([\\w"'.-]*[\\w"']))?`, "g");
const QUOTED = /`([a-z][A-Za-z.[\]]*): ([^`]+)`/g;
const WORD = new RegExp(`\\b(${[...ENUMS.keys()].filter((key) => /[A-Z]/.test(key)).join("|")}):? ([A-Z][A-Za-z]+)\\b`, "g");

/** What in a text cannot be followed. */
function wrongIn({ at, text }: Saying): string[] {
  const wrong: string[] = [];
  for (const [, written = "", value] of text.matchAll(DOTTED)) {
    const path = written.replaceAll(/\[\d*\]/g, "");
    // A file, or an API group of Kubernetes.
    if (/\.(?:json|yaml|ts|ign)$|\.k8s\.io$/.test(path)) continue;
    if (explain(path) === undefined) wrong.push(`${at}: there is no ${written}`);
    else if (value !== undefined) wrong.push(...wrongAt(path, value).map((problem) => `${at}: ${written}: ${value}: ${problem}`));
  }
  for (const [, written = "", value = ""] of text.matchAll(QUOTED)) {
    const path = written.replaceAll(/\[\d*\]/g, "");
    const places = PATHS.filter((known) => known === path || known.endsWith(`.${path}`));
    if (places.length > 0 && places.every((place) => wrongAt(place, value).length > 0)) wrong.push(`${at}: ${written}: ${value}`);
  }
  for (const [, key = "", word = ""] of text.matchAll(WORD)) if (ENUMS.get(key)?.has(word) !== true) wrong.push(`${at}: ${key} ${word}`);
  return wrong;
}

const found = (text: string): number => [DOTTED, QUOTED, WORD].reduce((sum, pattern) => sum + [...text.matchAll(pattern)].length, 0);

/** Every text of a program, with … for what is put in. */
function textsOf(path: string, source: string): Saying[] {
  const sayings: Saying[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) sayings.push({ at: path, text: node.text });
    if (ts.isTemplateExpression(node))
      sayings.push({ at: path, text: node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join("") });
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, source, ts.ScriptTarget.Latest));
  return sayings;
}

const sayings: Saying[] = [];
const fences: Saying[] = [];
for await (const path of glob("src/**/*.ts", { cwd: ROOT })) sayings.push(...textsOf(path, await readFile(join(ROOT, path), "utf8")));
for (const { path, fences: blocks } of await readDocs()) {
  const text = await readFile(join(ROOT, path), "utf8");
  text.split("\n").forEach((line, index) => sayings.push({ at: `${path}:${index + 1}`, text: line }));
  fences.push(...blocks.filter(({ info }) => /^ya?ml\b/.test(info)).map((block) => ({ at: `${path}:${block.line}`, text: block.text })));
}

describe("what messages and documentation tell people to write", () => {
  it("is valid where it names a key, a value or a word of a list", () => {
    expect(sayings.reduce((sum, { text }) => sum + found(text), 0)).toBeGreaterThan(100);
    expect(sayings.flatMap(wrongIn)).toEqual([]);
  });

  it("is valid where it shows a part of an install-config", () => {
    expect(fences.length).toBeGreaterThan(7);
    for (const { at, text } of fences) {
      const keys = Object.keys(parse(text) as object);
      const homes = PATHS.filter((path) => keys.every((key) => explain(path === "" ? key : `${path}.${key}`) !== undefined));
      expect(homes.length, at).toBeGreaterThan(0);
      const verdicts = homes.map((path) => wrongAt(path, text));
      expect(verdicts, at).toContainEqual([]);
    }
  });

  it.each([
    ["set virtualization.emulation: Always", 1],
    ["set virtualization.emulation: On.", 0],
    ["name it under virtualization.storge", 1],
    ["check platform.vsphere.vcenters[0].user", 0],
    ["`cpus: many`", 1],
    ["`cpus: 1`", 0],
    ["`distribution: redhat`", 1],
    ["needs featureSet TechPreview", 1],
    ["needs featureSet TechPreviewNoUpgrade", 0],
  ])("is found wrong when it is: %s", (text, count) => {
    expect(wrongIn({ at: "here", text })).toHaveLength(count);
  });
});

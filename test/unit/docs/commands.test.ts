import type { Command } from "commander";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { withMoreOptions } from "../../../src/cli/command.ts";
import { PURPOSES } from "../../../src/cli/command-tree.ts";
import { COMMANDS, GLOBALS } from "../../../src/cli/commands.ts";
import { buildProgram } from "../../../src/cli/program.ts";
import { CATALOGUE } from "../../../src/errors/index.ts";
import { readDocs, ROOT } from "../../helpers/markdown.ts";

interface Use {
  readonly at: string;
  readonly line: string;
}

const commands = await withMoreOptions(COMMANDS);

/** Why a command line cannot be run, or undefined if it can. Words in capitals and in <> stand for the user's. */
function wrongWith(line: string): string | undefined {
  const words = (/\bvirt-ipi\s+([^|;&)#"]*)/.exec(line)?.[1] ?? "").trim().split(/\s+/).filter(Boolean);
  let command: Command = buildProgram(commands, "", () => Promise.resolve());
  while (command.commands.length > 0) {
    const word = words.shift();
    if (word === undefined || (command.parent === null && word.startsWith("-"))) return undefined;
    const next = command.commands.find((child) => child.name() === word);
    if (next === undefined) return `there is no command ${word}`;
    command = next;
  }
  const unknown = words.filter((word) => word.startsWith("--") && !command.options.some((option) => option.long === word.split("=")[0]));
  return unknown.length === 0 ? undefined : `${command.name()} has no ${unknown.join(", ")}`;
}

async function usesInDocs(): Promise<readonly Use[]> {
  const uses: Use[] = [];
  for (const file of await readDocs()) {
    for (const fence of file.fences.filter(({ info }) => /^(ba)?sh\b/.test(info)))
      fence.text.split("\n").forEach((line, index) => {
        if (/\bvirt-ipi\s/.test(line) && !/^\s*#/.test(line)) uses.push({ at: `${file.path}:${fence.line + index + 1}`, line });
      });
    const text = await readFile(join(ROOT, file.path), "utf8");
    for (const span of text.matchAll(/`(virt-ipi [a-z][^`\n]*)`/g)) uses.push({ at: file.path, line: span[1] ?? "" });
  }
  return uses;
}

describe("commands in the documentation", () => {
  it("exist, with their options", async () => {
    const uses = await usesInDocs();
    expect(uses.length).toBeGreaterThan(15);
    expect(uses.flatMap(({ at, line }) => (wrongWith(line) === undefined ? [] : [`${at}: ${line}: ${wrongWith(line)}`]))).toEqual([]);
  });

  it.each([
    ["virt-ipi destroy everything", "there is no command everything"],
    ["virt-ipi creat cluster", "there is no command creat"],
    ["virt-ipi destroy cluster --force", "cluster has no --force"],
    ['eval "$(virt-ipi env --dir ~/x)"', undefined],
    ["virt-ipi --help", undefined],
  ])("%s: %s", (line, wrong) => {
    expect(wrongWith(line)).toBe(wrong);
  });
});

describe("the examples of the commands", () => {
  it.each(commands.map(({ path, example }) => ({ path, example })))("$example", async ({ path, example }) => {
    const [program, ...words] = example.split(" ");
    let run: string | undefined;
    const tree = buildProgram(commands, "", (entry) => {
      run = entry.path;
      return Promise.resolve();
    });
    await tree.parseAsync(words, { from: "user" });
    expect([program, run]).toEqual(["virt-ipi", path]);
  });

  it("and the purposes are in the help", () => {
    const tree = buildProgram(commands, "", () => Promise.resolve());
    const headings = [...tree.helpInformation().matchAll(/^(\S.*):$/gm)].map((found) => found[1]);
    expect(headings.filter((heading) => heading !== "Options")).toEqual(Object.values(PURPOSES));
    const purposes = new Map<string, Set<string>>();
    for (const { path, purpose } of commands) {
      const first = path.split(" ")[0] ?? "";
      purposes.set(first, (purposes.get(first) ?? new Set()).add(purpose));
    }
    expect([...purposes].filter(([, found]) => found.size > 1)).toEqual([]);
  });
});

describe("commands in the advice of errors", () => {
  const uses = Object.entries(CATALOGUE).flatMap(([id, { advice }]) =>
    [...advice.matchAll(/`(virt-ipi [^`]*)`/g)].map((span) => ({ id, line: span[1] ?? "" })),
  );

  it("are there", () => {
    expect(uses.length).toBeGreaterThan(0);
  });

  it.each(uses)("$id: $line", ({ line }) => {
    expect(wrongWith(line)).toBeUndefined();
  });

  it("are whole where an option is not one of every command, so that what is advised works whichever command failed", () => {
    // Options of etcd and kubectl.
    const others = ["--max-request-bytes", "--previous"];
    const everywhere = new Set([...GLOBALS.map(({ flags }) => flags.split(" ")[0]), "--help", ...others]);
    const bare = Object.entries(CATALOGUE).flatMap(([id, { advice }]) =>
      [...advice.replaceAll(/`[^`]*`/g, "").matchAll(/--[a-z][\w-]*/g)].map(([option]) => [id, option] as const),
    );
    expect(bare.filter(([, option]) => !everywhere.has(option))).toEqual([]);
  });
});

import { access } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";
import { parseMarkdown, readDocs, ROOT, slug, type MarkdownFile } from "../../helpers/markdown.ts";

const exists = (path: string): Promise<boolean> =>
  access(join(ROOT, path)).then(
    () => true,
    () => false,
  );

async function brokenLinks(files: readonly MarkdownFile[]): Promise<readonly string[]> {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const broken: string[] = [];
  for (const file of files) {
    for (const { target, line } of file.links) {
      if (/^[a-z]+:/.test(target)) continue;
      const [path = "", anchor] = target.split("#");
      const to = path === "" ? file.path : normalize(join(dirname(file.path), path));
      if (!byPath.has(to) && !(await exists(to))) broken.push(`${file.path}:${line}: ${target}: no such file`);
      else if (anchor !== undefined && byPath.get(to)?.anchors.has(anchor) !== true) broken.push(`${file.path}:${line}: ${target}: no such heading`);
    }
  }
  return broken;
}

describe("links in the documentation", () => {
  it("lead to files and headings that exist", async () => {
    const files = await readDocs();
    expect(files.length).toBeGreaterThan(5);
    expect(files.flatMap((file) => file.links).length).toBeGreaterThan(20);
    expect(await brokenLinks(files)).toEqual([]);
  });

  it("are found broken when they are", async () => {
    const file = parseMarkdown(
      "docs/a.md",
      "# Here\n[x](gone.md) [y](#here) [z](#there) `[code](gone.md)`\n```\n[code](gone.md)\n```\n[r](../README.md)",
    );
    expect(await brokenLinks([file])).toEqual(["docs/a.md:2: gone.md: no such file", "docs/a.md:2: #there: no such heading"]);
  });
});

describe("slug", () => {
  it.each([
    ["Add a platform", "add-a-platform"],
    ["EXEC_NOT_FOUND", "exec_not_found"],
    ["2: A `virt-ipi` thing, really?", "2-a-virt-ipi-thing-really"],
  ])("%s", (heading, anchor) => {
    expect(slug(heading)).toBe(anchor);
  });
});

import { glob, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";

export const ROOT = resolve(import.meta.dirname, "../..");

export interface Fence {
  /** The words after the opening fence: `yaml install-config`. */
  readonly info: string;
  readonly text: string;
  readonly line: number;
}

export interface MarkdownFile {
  /** Relative to the repository. */
  readonly path: string;
  readonly fences: readonly Fence[];
  /** GitHub's anchors of the headings. */
  readonly anchors: ReadonlySet<string>;
  readonly links: readonly { readonly target: string; readonly line: number }[];
}

/** README and everything under docs/. */
export async function readDocs(): Promise<readonly MarkdownFile[]> {
  const paths = ["README.md"];
  for await (const path of glob("docs/**/*.md", { cwd: ROOT })) paths.push(path);
  return Promise.all(paths.toSorted().map(async (path) => parseMarkdown(path, await readFile(join(ROOT, path), "utf8"))));
}

export function parseMarkdown(path: string, text: string): MarkdownFile {
  const fences: Fence[] = [];
  const anchors = new Set<string>();
  const links: { target: string; line: number }[] = [];
  let open: { info: string; lines: string[]; line: number } | undefined;
  text.split("\n").forEach((content, index) => {
    const line = index + 1;
    const fence = /^\s*```(.*)$/.exec(content);
    if (fence !== null) {
      if (open !== undefined) fences.push({ info: open.info, text: open.lines.join("\n"), line: open.line });
      open = open === undefined ? { info: (fence[1] ?? "").trim(), lines: [], line } : undefined;
      return;
    }
    if (open !== undefined) {
      open.lines.push(content);
      return;
    }
    const heading = /^#+\s+(.*)$/.exec(content)?.[1];
    if (heading !== undefined) anchors.add(unique(slug(heading), anchors));
    for (const link of content.replaceAll(/`[^`]*`/g, "").matchAll(/\]\(([^)\s]+)\)/g)) links.push({ target: link[1] ?? "", line });
  });
  if (open !== undefined) throw new Error(`${path}:${open.line}: a code block that does not end`);
  return { path, fences, anchors, links };
}

/** How GitHub makes an anchor of a heading. */
export const slug = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(" ", "-");

function unique(anchor: string, taken: ReadonlySet<string>): string {
  for (let count = 0; ; count++) {
    const candidate = count === 0 ? anchor : `${anchor}-${count}`;
    if (!taken.has(candidate)) return candidate;
  }
}

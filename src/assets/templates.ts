import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { InstallerError } from "../errors/index.ts";

/** Template texts by path below `templates/`, with `/` between the parts. */
export type TemplateSource = ReadonlyMap<string, string>;

const PLACEHOLDER = /\{\{([A-Za-z][A-Za-z0-9_]*)\}\}/g;
// Go templates, as kubectl takes them, begin with a dot; whatever else has two braces is a slip of the pen.
const SUSPECT = /\{\{(?!\.)[^}\n]*(\}\})?/;

/**
 * Fills the `{{name}}` placeholders of a template. Every placeholder needs a value and every value a placeholder. Values are put
 * in as they are: use `shellQuote` for what goes into a shell script. A value is not searched for placeholders.
 * @throws InstallerError TEMPLATE_INVALID
 */
export function renderTemplate(source: TemplateSource, path: string, values: Readonly<Record<string, string | number>> = {}): string {
  const template = source.get(path);
  if (template === undefined) throw invalid(`there is no template ${path}`, path);
  const unused = new Set(Object.keys(values));
  const missing = new Set<string>();
  const slip = SUSPECT.exec(template.replaceAll(PLACEHOLDER, ""))?.[0];
  if (slip !== undefined) throw invalid(`template ${path} has a malformed placeholder`, slip);
  const text = template.replaceAll(PLACEHOLDER, (_, name: string) => {
    unused.delete(name);
    if (Object.hasOwn(values, name)) return String(values[name]);
    missing.add(name);
    return "";
  });
  if (missing.size > 0) throw invalid(`template ${path} needs values that it was not given`, [...missing].join(", "));
  if (unused.size > 0) throw invalid(`template ${path} was given values that it does not use`, [...unused].join(", "));
  return text;
}

/**
 * Reads every file below a folder: the one place of the assets that touches a disk.
 * @throws InstallerError FILE_UNREADABLE
 */
export async function readTemplates(directory: string): Promise<TemplateSource> {
  try {
    const entries = await readdir(directory, { recursive: true, withFileTypes: true });
    const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    const texts = await Promise.all(
      paths.toSorted().map(async (path) => [relative(directory, path).replaceAll(sep, "/"), await readFile(path, "utf8")] as const),
    );
    return new Map(texts);
  } catch (error) {
    throw new InstallerError("FILE_UNREADABLE", `cannot read the templates in ${directory}`, { value: directory, cause: error });
  }
}

const invalid = (what: string, value: string): InstallerError => new InstallerError("TEMPLATE_INVALID", what, { value });

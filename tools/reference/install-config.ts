import { explain, jsonSchema, type FieldExplanation } from "../../src/config/index.ts";
import { code, page, table } from "./page.ts";

/** docs/reference/install-config.md: what `virt-ipi explain` shows, for every key. */
export function installConfigPage(): string {
  const root = explain();
  if (root === undefined) throw new Error("the install-config explains nothing");
  return page(
    "# install-config.yaml",
    `All keys of OpenShift's install-config keep their names and meaning; keys that are not here are refused. \`virt-ipi explain PATH\` prints the same, and [install-config.schema.json](install-config.schema.json) is the structure for editors. [What each key does](key-effects.md), by distribution, is a page of its own. Validation knows more rules than the schema does.`,
    "Capitals do not matter in keys, as in OpenShift, but each causes a warning: write `vCenter`. Put a text into single quotes if it begins with a sign, holds `: ` or ` #`, or looks like a number or a word such as `no`: YAML takes all of these for something else. Double quotes make a control character of `\\a` in `CORP\\administrator`. Several lines stand below `|`, not `>`.",
    ...sections(root),
  );
}

export const installConfigSchemaText = (): string => `${JSON.stringify(jsonSchema(), null, 2)}\n`;

/** A section for every key that has keys below it, parents first. */
function sections(field: FieldExplanation): readonly string[] {
  if (field.children.length === 0) return [];
  const children = field.children.map(({ key }) => below(field, key));
  const own = [
    ...(field.path === "" ? ["## The file"] : [`## ${field.path}`, field.description + more(field)]),
    table(["key", "type", "default", "what it is"], children.map(row)),
  ].join("\n\n");
  return [own, ...children.flatMap(sections)];
}

function below(parent: FieldExplanation, key: string): FieldExplanation {
  const path = parent.path === "" ? key : `${parent.path}.${key}`;
  const found = explain(path);
  if (found === undefined) throw new Error(`${path} is listed but not explained`);
  return found;
}

function row(field: FieldExplanation): readonly string[] {
  const key = code(field.path.slice(field.path.lastIndexOf(".") + 1));
  return [
    field.children.length === 0 ? key : `[${key}](#${anchor(field.path)})`,
    field.type,
    field.required ? "required" : (field.default ?? ""),
    field.description + more(field),
  ];
}

function more({ rules, deprecated, secret }: FieldExplanation): string {
  return [
    ...(rules === undefined ? [] : [rules]),
    ...(deprecated === undefined ? [] : [`Deprecated: use ${code(deprecated)}.`]),
    ...(secret ? ["Secret."] : []),
  ]
    .map((text) => ` ${text}`)
    .join("");
}

/** The anchor of a heading that is a path. */
const anchor = (path: string): string => path.toLowerCase().replaceAll(/[^a-z0-9_-]/g, "");

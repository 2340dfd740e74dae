import type { FieldExplanation } from "../../config/index.ts";
import type { CatalogueEntry } from "../../errors/index.ts";

export interface ExplainedError extends CatalogueEntry {
  readonly id: string;
  readonly exitCode: number;
}

/** What is known of an error. */
export const errorExplanationText = ({ id, title, exit, exitCode, advice }: ExplainedError): string =>
  [`error:      ${id}`, `exit code:  ${exitCode} (${exit})`, "", title, "", `next: ${advice}`].join("\n");

/** What is known of a field, and a line for each field in it. */
export function explanationText(field: FieldExplanation): string {
  const facts = [
    ["field", field.path === "" ? "(the whole file)" : field.path],
    ["type", field.type],
    ["required", field.required ? "yes" : "no"],
    ...(field.default === undefined ? [] : [["default", field.default]]),
    ...(field.rules === undefined ? [] : [["rules", field.rules]]),
    ...(field.deprecated === undefined ? [] : [["deprecated", field.deprecated]]),
    ...(field.secret ? [["secret", "yes: never shown"]] : []),
  ];
  const width = Math.max(0, ...field.children.map(({ key }) => key.length));
  const children = field.children.map(
    ({ key, type, required, description, deprecated }) =>
      `  ${key.padEnd(width)}  ${type}${required ? ", required" : ""}${deprecated === undefined ? "" : ", deprecated"}: ${description}`,
  );
  return [
    ...facts.map(([name = "", value = ""]) => `${name}:`.padEnd(12) + value),
    "",
    field.description,
    ...(children.length === 0 ? [] : ["", "fields:", ...children]),
  ].join("\n");
}

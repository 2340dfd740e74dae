import { InstallerError } from "../../src/errors/index.ts";

/** A step of a path: a field, an index, all of them, or those whose field has a value. */
type Step =
  | { readonly field: string }
  | { readonly index: number }
  | { readonly all: true }
  | { readonly where: readonly string[]; readonly operator: "==" | "!="; readonly value: string | number | boolean };

export type JsonPath = readonly Step[];

/** In this order: `.name`, `['name']`, `[0]`, `[*]` and `.*`, `[?(@.type=="Ready")]`. */
const TOKEN =
  /\.\*|\.?([A-Za-z_$][\w$-]*)|\[\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*\]|\[\s*(-?\d+)\s*\]|\[\s*\*\s*\]|\[\s*\?\s*\(?\s*@((?:\.[\w-]+)+)\s*(==|!=)\s*('(?:[^']*)'|"(?:[^"]*)"|[\w.-]+)\s*\)?\s*\]/y;

/**
 * The part of RFC 9535 that waits use: no slices, no recursion, filters that compare one field with one value.
 * @throws InstallerError USAGE
 */
export function parseJsonPath(text: string): JsonPath {
  const path = text.replace(/^\$/, "");
  const steps: Step[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < path.length) {
    const at = TOKEN.lastIndex;
    const found = TOKEN.exec(path);
    if (found === null)
      throw new InstallerError("USAGE", `the jsonpath ${text} is not understood from ${JSON.stringify(path.slice(at))} on`, { value: text });
    const [whole, name, single, double, index, where, operator, value] = found;
    const field = name ?? unescaped(single) ?? unescaped(double);
    if (field !== undefined) steps.push({ field });
    else if (index !== undefined) steps.push({ index: Number(index) });
    else if (where !== undefined)
      steps.push({ where: where.slice(1).split("."), operator: operator === "!=" ? "!=" : "==", value: literal(value ?? "") });
    else if (whole.includes("*")) steps.push({ all: true });
  }
  if (steps.length === 0) throw new InstallerError("USAGE", "the jsonpath is empty", { value: text });
  return steps;
}

/** All values that the path leads to. */
export function selectJsonPath(path: JsonPath, root: unknown): readonly unknown[] {
  let values: readonly unknown[] = [root];
  for (const step of path) values = values.flatMap((value) => take(step, value));
  return values;
}

function take(step: Step, value: unknown): readonly unknown[] {
  if (typeof value !== "object" || value === null) return [];
  if ("field" in step) return Object.hasOwn(value, step.field) ? [(value as Record<string, unknown>)[step.field]] : [];
  if ("index" in step)
    return Array.isArray(value) && Math.abs(step.index) <= value.length ? [value.at(step.index)].filter((item) => item !== undefined) : [];
  if ("all" in step) return Object.values(value);
  return Object.values(value).filter((item) => {
    const [found] = selectJsonPath(
      step.where.map((field) => ({ field })),
      item,
    );
    return (found === step.value) === (step.operator === "==");
  });
}

const unescaped = (text: string | undefined): string | undefined => text?.replaceAll(/\\(.)/g, "$1");

function literal(text: string): string | number | boolean {
  if (/^['"]/.test(text)) return text.slice(1, -1);
  if (text === "true" || text === "false") return text === "true";
  return Number.isNaN(Number(text)) ? text : Number(text);
}

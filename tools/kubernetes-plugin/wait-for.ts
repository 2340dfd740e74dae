import { InstallerError } from "../../src/errors/index.ts";
import { parseJsonPath, selectJsonPath, type JsonPath } from "./json-path.ts";
import type { Manifest } from "./manifest.ts";

/** One thing to be waited for: undefined when it holds, else why not yet. */
export type Expectation = (live: Manifest) => string | undefined;

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

/**
 * The annotation `pulumi.com/waitFor`: `condition=Available`, `condition=Progressing=False`, `jsonpath={.status.phase}=Running`
 * (without a value: the path leads to something), or a JSON array of such.
 * @throws InstallerError USAGE
 */
export function parseWaitFor(text: string): readonly Expectation[] {
  const wanted = listIn(text);
  if (wanted.length === 0) throw new InstallerError("USAGE", "pulumi.com/waitFor is an empty list", { value: text });
  return wanted.map((expression) => {
    if (expression.startsWith("condition=")) return conditionExpectation(expression.slice("condition=".length));
    if (expression.startsWith("jsonpath=")) return pathExpectation(expression.slice("jsonpath=".length));
    throw new InstallerError("USAGE", `pulumi.com/waitFor has to begin with condition= or jsonpath=, not ${JSON.stringify(expression)}`, {
      value: expression,
    });
  });
}

function listIn(text: string): readonly string[] {
  try {
    const parsed: unknown = JSON.parse(text);
    if (Array.isArray(parsed) && parsed.every((item) => typeof item === "string")) return parsed;
  } catch {
    // One expression.
  }
  return [text];
}

/** Conditions that were told of an older generation of the object do not count. */
function conditionExpectation(text: string): Expectation {
  const [type = "", status = "True"] = text.split("=", 2);
  return (live) => {
    const { generation } = live.metadata;
    const { observedGeneration, conditions = [] } = (live["status"] ?? {}) as { observedGeneration?: number; conditions?: readonly Condition[] };
    if (generation !== undefined && observedGeneration !== undefined && observedGeneration < generation)
      return "its controller has not looked at the change yet";
    const found = conditions.find((condition) => condition.type.toLowerCase() === type.toLowerCase());
    if (found === undefined) return `condition ${type} is not reported yet`;
    return found.status.toLowerCase() === status.toLowerCase() ? undefined : `condition ${type} is ${found.status}${because(found)}`;
  };
}

/** ` (Reason: message)`, as far as it is told. */
export function because({ reason, message }: { readonly reason?: string; readonly message?: string }): string {
  const told = [reason, message].filter((part) => part !== undefined && part !== "").join(": ");
  return told === "" ? "" : ` (${told})`;
}

function pathExpectation(text: string): Expectation {
  const found = /^\{(.*)\}(?:=(.*))?$/s.exec(text);
  if (found === null)
    throw new InstallerError("USAGE", "pulumi.com/waitFor: a jsonpath stands in braces: jsonpath={.status.phase}=Running", { value: text });
  const path: JsonPath = parseJsonPath(found[1] ?? "");
  const wanted = found[2];
  return (live) => {
    const values = selectJsonPath(path, live);
    if (values.length === 0) return `${found[1]} is not there yet`;
    if (wanted === undefined || values.some((value) => textOf(value) === wanted)) return undefined;
    return `${found[1]} is ${values.map(textOf).join(", ")}, not ${wanted}`;
  };
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

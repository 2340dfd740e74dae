import type { Distribution } from "./distribution.ts";
import { REDACTED, redactValue } from "../util/index.ts";
import type { Place } from "./positions.ts";

/** What kind of rule was broken. The words are those of Kubernetes' field errors, which OpenShift's installer prints. */
export type IssueKind = "Required value" | "Invalid value" | "Unsupported value" | "Duplicate value" | "Forbidden" | "Too many";

/** One thing wrong (or, as a warning, doubtful) in an install-config, with its place in the file. */
export interface ConfigIssue {
  /** `networking.clusterNetwork[0].cidr`; empty when the file as a whole is meant. */
  readonly path: string;
  readonly kind: IssueKind;
  /** The value as one would write it, shortened; absent where there is none; never a secret. */
  readonly value?: string;
  readonly message: string;
  /** From 1. The place of the key, or of the nearest key above it that is in the file. */
  readonly line: number;
  readonly column: number;
}

/** An issue before its place in the file is known. `value` is raw here, and made printable later. */
export interface IssueDraft {
  readonly path: string;
  readonly kind: IssueKind;
  readonly value?: unknown;
  readonly message: string;
  /** An error for distribution kubernetes, a warning for the others: OpenShift's installer lets it pass always, or where it only creates assets. */
  readonly isStricter?: "always" | "for assets";
  /** Where it stands, if not at its path. */
  readonly place?: Place;
}

/** Marks what only this program refuses, and only for what it installs itself. */
export const stricter = (issue: IssueDraft): IssueDraft => ({ ...issue, isStricter: "always" });

/** Marks what OpenShift's installer finds only when it is to create the machines itself, and that no asset depends on. */
export const stricterForAssets = (issue: IssueDraft): IssueDraft => ({ isStricter: "for assets", ...issue });

const WHY = {
  always: "OpenShift's installer accepts it",
  "for assets": "OpenShift's installer accepts it for manifests and Ignition configs, but not to create the machines itself",
} as const;

/** Parts issues into errors and warnings: what OpenShift's installer accepts is valid for its distributions. */
export function bySeverity(
  distribution: Distribution,
  issues: readonly IssueDraft[],
): { readonly errors: IssueDraft[]; readonly warnings: IssueDraft[] } {
  const whyOf = ({ isStricter }: IssueDraft): string | undefined =>
    isStricter === undefined || distribution === "kubernetes" ? undefined : WHY[isStricter];
  return {
    errors: issues.filter((issue) => whyOf(issue) === undefined),
    warnings: issues.flatMap((issue) => {
      const why = whyOf(issue);
      return why === undefined ? [] : [{ ...issue, message: `${issue.message}; ${why}` }];
    }),
  };
}

/** @param meant the key that may have been meant */
export const noSuchKey = (path: string, meant?: string): IssueDraft =>
  forbidden(path, meant === undefined ? "unknown key" : `unknown key; did you mean ${JSON.stringify(meant)}?`);

export const required = (path: string, message: string): IssueDraft => ({ path, kind: "Required value", message });
export const invalid = (path: string, value: unknown, message: string): IssueDraft => ({ path, kind: "Invalid value", value, message });
export const duplicate = (path: string, value: unknown): IssueDraft => ({ path, kind: "Duplicate value", value, message: "is given more than once" });
export const forbidden = (path: string, message: string): IssueDraft => ({ path, kind: "Forbidden", message });
export const tooMany = (path: string, count: number, limit: number): IssueDraft => ({
  path,
  kind: "Too many",
  value: count,
  message: `must have at most ${limit} items`,
});

/** A value outside a closed list. The list is part of the message, in the order given. */
export function unsupported(path: string, value: unknown, supported: readonly string[]): IssueDraft {
  return { path, kind: "Unsupported value", value, message: `supported values: ${supported.map((word) => JSON.stringify(word)).join(", ")}` };
}

const LONGEST = 120;
const LONGEST_EXAMINED = 2000;

/**
 * A value as text for a message: JSON, at most 120 characters, without credentials; mappings are only named.
 * @param sourceOf how a number or boolean is written in the file, where that is known; the index is that of an item of a list
 */
export function showValue(value: unknown, sourceOf: (value: unknown, index?: number) => string | undefined = () => undefined): string {
  const show = (one: unknown, index?: number): string => {
    const shown = printable(one);
    return shown === REDACTED ? REDACTED : (sourceOf(one, index) ?? JSON.stringify(shown) ?? "null");
  };
  if (Array.isArray(value))
    return value.length <= 20 && value.every((item) => typeof item !== "object")
      ? shorten(`[${value.map(show).join(",")}]`)
      : `[${value.length} items]`;
  if (typeof value === "object" && value !== null) return "{…}";
  return shorten(show(value));
}

const printable = (value: unknown): unknown => {
  if (typeof value !== "string") return value;
  return value.length > LONGEST_EXAMINED ? `(${value.length} characters)` : redactValue(value);
};
const shorten = (text: string): string => (text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`);

/** `path: Kind: value: message (line:column)`, the line that `validate` and CONFIG_INVALID print. */
export function formatIssue(issue: ConfigIssue): string {
  const parts = [issue.path, issue.kind, issue.value, issue.message].filter((part) => part !== undefined && part !== "");
  return `${parts.join(": ")} (${issue.line}:${issue.column})`;
}

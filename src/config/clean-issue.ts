import { credentialsIn, redactCredentials, REDACTED } from "../util/index.ts";
import type { ConfigIssue } from "./issue.ts";

/** Shorter ones could be part of any word. */
const SHORTEST = 4;

/**
 * Takes out of issues what looks like a credential anywhere in the file: values are made printable one by one, but messages and paths are
 * put together from values and keys by many rules.
 * @param data the file, as it was read
 */
export function issueCleaner(data: unknown): (issue: ConfigIssue) => ConfigIssue {
  const secrets = new Set<string>();
  for (const text of textsIn(data))
    for (const secret of credentialsIn(text))
      for (const form of [secret, JSON.stringify(secret).slice(1, -1)]) if (form.length >= SHORTEST) secrets.add(form);
  const longestFirst = [...secrets].toSorted((a, b) => b.length - a.length);
  const clean = (text: string): string => redactCredentials(longestFirst.reduce((rest, secret) => rest.replaceAll(secret, REDACTED), text));
  return (issue) => ({
    ...issue,
    path: clean(issue.path),
    message: clean(issue.message),
    ...(issue.value === undefined ? {} : { value: clean(issue.value) }),
  });
}

/** All texts of a document, keys too. */
function* textsIn(value: unknown): Iterable<string> {
  if (typeof value === "string") yield value;
  else if (typeof value === "object" && value !== null)
    for (const [key, child] of Object.entries(value)) {
      if (!Array.isArray(value)) yield key;
      yield* textsIn(child);
    }
}

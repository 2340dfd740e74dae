/**
 * The entries of a parsed pull secret by registry, as they were written; none where it has no `auths`. Capitals do not matter in that key, as in Go's
 * encoding/json, but in those below it.
 */
export function authsOf(pullSecret: unknown): Readonly<Record<string, unknown>> {
  const found = Object.entries(asRecord(pullSecret)).filter(([key]) => key.toLowerCase() === "auths");
  return Object.assign({}, ...found.map(([, auths]) => asRecord(auths))) as Record<string, unknown>;
}

const asRecord = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};

import { isRecord } from "../util/index.ts";

/**
 * The entries of a parsed pull secret by registry, as they were written; none where it has no `auths`. Capitals do not matter in that key, as in Go's
 * encoding/json, but in those below it.
 */
export function authsOf(pullSecret: unknown): Readonly<Record<string, unknown>> {
  const found = Object.entries(isRecord(pullSecret) ? pullSecret : {}).filter(([key]) => key.toLowerCase() === "auths");
  return Object.fromEntries(found.flatMap(([, auths]) => (isRecord(auths) ? Object.entries(auths) : [])));
}

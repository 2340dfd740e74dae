import { MOST_GUESSES, nearestKey } from "../fields/nearest-key.ts";

/** What a key of the file stands for. */
export interface KeyMeaning {
  /** The name in the schema; the key itself where there is none. */
  readonly name: string;
  /** `capitals`: the same word but for its capitals. `near`: a misspelling of a key that is not given otherwise. */
  readonly match: "exact" | "capitals" | "near" | "unknown";
}

/**
 * What the keys of one mapping stand for, in their order. Capitals do not matter, as in Go's encoding/json, which reads
 * OpenShift's install-config: an exact match comes first. A misspelt key is an error, but its value is read as what it was
 * meant for, so that nothing else is said to be missing.
 * @param known the keys of the schema; undefined where any key is the user's own
 * @param guess false: keys that are not known mean themselves
 */
export function meaningsOf(keys: readonly string[], known: readonly string[] | undefined, guess: boolean): readonly KeyMeaning[] {
  if (known === undefined) return keys.map((name) => ({ name, match: "exact" }));
  const exact = new Set(known);
  const folded = new Map(known.map((name) => [name.toLowerCase(), name]));
  const meanings = keys.map((key): KeyMeaning => {
    if (exact.has(key)) return { name: key, match: "exact" };
    const name = folded.get(key.toLowerCase());
    return name === undefined ? { name: key, match: "unknown" } : { name, match: "capitals" };
  });
  if (!guess || meanings.filter(({ match }) => match === "unknown").length > MOST_GUESSES) return meanings;
  const free = new Set(known);
  for (const { name } of meanings) free.delete(name);
  return meanings.map((meaning) => {
    const name = meaning.match === "unknown" ? nearestKey(meaning.name, known) : undefined;
    return name !== undefined && free.delete(name) ? { name, match: "near" } : meaning;
  });
}

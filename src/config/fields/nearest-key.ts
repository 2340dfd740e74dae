import { distance } from "fastest-levenshtein";
import { z } from "zod";
import { docOf } from "./field.ts";
import { unwrap } from "./walk.ts";

/** More unknown keys in one mapping than this are no typing mistakes, and not worth the time. */
export const MOST_GUESSES = 50;

// Shorter words are part of anything.
const SHORTEST_PART = 4;

/** The known key that an unknown one stands for; undefined where none is so near that it helps to name it. */
export function nearestKey(key: string, known: readonly string[]): string | undefined {
  const word = key.toLowerCase();
  let nearest: string | undefined;
  let least = Infinity;
  for (const name of known) {
    const other = name.toLowerCase();
    const far = distance(word, other);
    if (far < least && (far <= mistakesIn(word, other) || areSameLetters(word, other))) [nearest, least] = [name, far];
  }
  return nearest ?? known.filter((name) => isPart(word, name.toLowerCase())).toSorted((a, b) => a.length - b.length)[0];
}

/** One typing mistake in three letters: `fip` may be fips, but `kind` is not. */
const mistakesIn = (word: string, other: string): number => Math.max(1, Math.floor(Math.min(word.length, other.length) / 3));
const areSameLetters = (word: string, other: string): boolean => word.length === other.length && sortedLetters(word) === sortedLetters(other);
const sortedLetters = (word: string): string => Array.from(word).toSorted().join("");

/** `username` for `user`, `cluster` for `computeCluster`. */
function isPart(word: string, other: string): boolean {
  const [short, long] = word.length < other.length ? [word, other] : [other, word];
  return short.length >= SHORTEST_PART && (long.startsWith(short) || long.endsWith(short));
}

type Shape = Readonly<Record<string, z.core.$ZodType>>;

/** Where a key belongs that was written a level too high: `osDisk.diskSizeGB` for `diskSizeGB`. Of several only one that is required. */
export function keyBelow(key: string, shape: Shape): string | undefined {
  const word = key.toLowerCase();
  const found = Object.entries(shape).flatMap(([name, child]) =>
    Object.entries(shapeOfMapping(child))
      .filter(([below]) => below.toLowerCase() === word)
      .map(([below, field]) => ({ path: `${name}.${below}`, required: docOf(field)?.required === true })),
  );
  const [only, ...others] = found.length === 1 ? found : found.filter(({ required }) => required);
  return others.length === 0 ? only?.path : undefined;
}

function shapeOfMapping(schema: z.core.$ZodType): Shape {
  const inner = unwrap(schema);
  return inner instanceof z.ZodObject ? inner.shape : {};
}

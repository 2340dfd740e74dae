import { closest, distance } from "fastest-levenshtein";

/** Letters from which a word counts as the beginning of another. */
const SHORTEST_BEGINNING = 3;

/** @param meant what was most likely meant, in backticks where it is to be typed @param list where all that there is can be seen */
export const didYouMean = (meant: string | undefined, list: string): string => (meant === undefined ? list : `Did you mean ${meant}? ${list}`);

/** The candidate that a mistyped or shortened word most likely means, or undefined if none is near. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (candidates.length === 0) return undefined;
  const longer = candidates.filter((each) => each.startsWith(word));
  if (longer.length === 1 && word.length >= SHORTEST_BEGINNING) return longer[0];
  const best = closest(word, [...candidates]);
  return distance(word, best) <= Math.max(2, Math.floor(word.length / 3)) ? best : undefined;
}

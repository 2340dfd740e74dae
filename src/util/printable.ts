/**
 * What a terminal would act on, or show as something else than it is: control characters (ESC and C1 among them), marks that turn the direction
 * of text, zero-width, tag and filling characters, line and paragraph separators, lone surrogates.
 */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\u034f\u2065\u115f\u1160\u3164\uffa0\u{e0000}-\u{e0fff}]/gu;
const NAMED: Readonly<Record<string, string>> = { "\n": String.raw`\n`, "\r": String.raw`\r`, "\t": String.raw`\t` };

const escape = (character: string): string =>
  NAMED[character] ?? [...Array(character.length).keys()].map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`).join("");

/** Text of any origin as one line for people: nothing hidden is left in it. */
export const oneLine = (text: string): string => text.replaceAll(HIDDEN, escape);

/** Others' text of several lines as one, for a row of a table. */
export const joinedLines = (text: string): string => oneLine(text.trim().replaceAll(/\s*\n\s*/g, ": "));

/** The same for text that has lines: their ends stay. */
export const printable = (text: string): string => text.replaceAll(HIDDEN, (character) => (character === "\n" ? character : escape(character)));

/** Others' text of several lines below one of our lines: none of them can be taken for ours. */
export const quotedLines = (text: string): string => text.trimEnd().split("\n").map(oneLine).join("\n    | ");

/** JSON in which nothing hidden is left: it is the same value. */
export const printableJson = (value: unknown): string => oneLine(JSON.stringify(value));

import type { FieldDoc } from "../fields/field.ts";

// C0, DEL and C1; what ends lines and the tab are allowed where a text has several lines.
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;
const CONTROL_IN_LINES = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;
/** Blanks other than the space, line separators, and what has no width at all. */
const INVISIBLE = /[^\P{Zs} ]|[\p{Zl}\p{Zp}\p{Cf}]/u;
const TYPOGRAPHIC_QUOTE = /^[“”„‟‘’‚‛«»]/;
const OUTER_BLANK = /^ | $/;

/** Why a text cannot be meant as it stands, and what to do; undefined for one that can. Says nothing of what is in it. */
export function textTrap(text: string, { secret, lines }: Pick<FieldDoc, "secret" | "lines"> = {}): string | undefined {
  const control = (lines === true ? CONTROL_IN_LINES : CONTROL).exec(text)?.[0];
  if (control !== undefined) return `holds a control character; write it in single quotes (${nameOf(control)})`;
  const invisible = INVISIBLE.exec(text)?.[0];
  if (invisible !== undefined) return `holds ${nameOf(invisible)}, which cannot be seen; type the value again`;
  if (TYPOGRAPHIC_QUOTE.test(text)) return "begins with a typographic quote, which YAML takes for part of the text; put it in single quotes (')";
  if (lines === true || secret === true) return undefined;
  if (OUTER_BLANK.test(text)) return "begins or ends with a blank; remove it";
  return /[,;]$/.test(text) ? "ends in a separator; remove it" : undefined;
}

/** The first character of a text of one line that nobody sees, named; undefined if there is none. */
export function hiddenCharacter(text: string): string | undefined {
  const found = (CONTROL.exec(text) ?? INVISIBLE.exec(text))?.[0];
  return found === undefined ? undefined : nameOf(found);
}

/** The same for a key, whose blanks may have been meant as indentation. */
export function keyTrap(key: string): string | undefined {
  const found = hiddenCharacter(key);
  return found === undefined ? undefined : `a key holds ${found}, which cannot be seen; type the line again, with ordinary spaces before the key`;
}

const NAMES: Readonly<Record<string, string>> = {
  "\n": "a line end",
  "\r": "a carriage return",
  "\t": "a tab",
  "\u00a0": "a no-break space",
  "\ufeff": "a byte order mark",
};

function nameOf(character: string): string {
  const code = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
  const name = NAMES[character];
  return name === undefined ? `the character ${code}` : `${name}, ${code}`;
}

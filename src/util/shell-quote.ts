/** A word of a POSIX shell, in quotes. @throws Error for NUL, which no argument can hold */
export function inQuotes(text: string): string {
  if (text.includes("\0")) throw new Error("a shell word cannot hold NUL");
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** The same, bare where nothing in it means anything to a shell. */
export const shellQuote = (text: string): string => (/^[A-Za-z0-9_@%+=:,./-]+$/.test(text) ? text : inQuotes(text));

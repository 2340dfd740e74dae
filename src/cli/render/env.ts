import { inQuotes, oneLine } from "../../util/index.ts";

/** What a terminal must not be given goes in bash's and zsh's escapes. */
const quoted = (text: string): string =>
  oneLine(text) === text ? inQuotes(text) : `$'${[...Buffer.from(text)].map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("")}'`;

/** Shell lines that export the variables. */
export const exportsText = (variables: Readonly<Record<string, string>>): string =>
  Object.entries(variables)
    .map(([name, value]) => `export ${name}=${quoted(value)}`)
    .join("\n");

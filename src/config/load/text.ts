import type { ConfigIssue } from "../issue.ts";

/** Larger files are refused unread. The largest honest install-config is a trust bundle and some hundred hosts. */
export const LARGEST_INSTALL_CONFIG = 1024 * 1024;

export type TextResult = { readonly text: string } | { readonly problem: ConfigIssue };

/** Bytes to text: UTF-8 of a sensible size. A byte order mark, as editors of Windows write it, is no part of the text. */
export function decodeText(source: Uint8Array | string): TextResult {
  const size = typeof source === "string" ? source.length : source.byteLength;
  if (size > LARGEST_INSTALL_CONFIG) return problem(`the file has ${size} bytes; an install-config has at most ${LARGEST_INSTALL_CONFIG}`);
  const bytes = typeof source === "string" ? Buffer.from(source) : source;
  const [first, second] = bytes;
  if ((first === 0xfe && second === 0xff) || (first === 0xff && second === 0xfe)) return problem("the file is UTF-16; save it as UTF-8");
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    return notUtf8(bytes);
  }
}

/** Finds the first bad line, so that the message can name it. */
function notUtf8(bytes: Uint8Array): TextResult {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const newline = bytes.indexOf(10, start);
    const end = newline < 0 ? bytes.length : newline + 1;
    try {
      decoder.decode(bytes.subarray(start, end));
    } catch {
      return problem("the file is not UTF-8 from this line on", line, firstBadColumn(bytes.subarray(start, end)));
    }
    start = end;
  }
  return problem("the file is not UTF-8");
}

/** U+FFFD stands where the lenient decoder met the first bad byte. */
function firstBadColumn(line: Uint8Array): number {
  return new TextDecoder().decode(line).indexOf("\uFFFD") + 1;
}

function problem(message: string, line = 1, column = 1): TextResult {
  return { problem: { path: "", kind: "Invalid value", message, line, column } };
}

import type { ErrorCode, YAMLError } from "yaml";

const QUOTES = "put a text with special characters in single quotes";

/** What is wrong, by the code of the library's error: its messages quote the file, which may hold secrets. */
export const YAML_PROBLEMS: Readonly<Record<ErrorCode, string>> = {
  ALIAS_PROPS: "an alias cannot have an anchor or a tag",
  BAD_ALIAS: `an alias or an anchor has no proper name; ${QUOTES}, such as one that begins with * or &`,
  BAD_COLLECTION_TYPE: "a mapping or a list has a tag that does not fit it",
  BAD_DIRECTIVE: `a directive, a line that begins with %, is not understood; ${QUOTES}`,
  BAD_DQ_ESCAPE: "a backslash inside double quotes begins an escape that YAML does not know; put the text in single quotes",
  BAD_INDENT: "the indentation does not fit what stands above; keys of one mapping begin in the same column",
  BAD_PROP_ORDER: "a tag or an anchor stands in the wrong place",
  BAD_SCALAR_START: `a text begins with a character that has a meaning of its own, such as @, %, * or a backquote; ${QUOTES}`,
  BLOCK_AS_IMPLICIT_KEY: `a mapping or a list stands where a text is expected; where a colon and a blank belong to the text, ${QUOTES}`,
  BLOCK_IN_FLOW: "a mapping or list of several lines stands inside brackets or braces",
  DUPLICATE_KEY: "a key is given more than once",
  IMPOSSIBLE: `this cannot be read; ${QUOTES}`,
  KEY_OVER_1024_CHARS: "a key has more than 1024 characters; is a quote missing?",
  MISSING_CHAR: "a quote, a bracket, a comma, or a colon or the blank after one, is missing",
  MULTILINE_IMPLICIT_KEY: "a key stands over several lines; a quote or a colon is missing",
  MULTIPLE_ANCHORS: "a value has more than one anchor",
  MULTIPLE_DOCS: "the file holds more than one document; keep one",
  MULTIPLE_TAGS: `a value has more than one tag; ${QUOTES}, such as one that begins with an exclamation mark`,
  NON_STRING_KEY: "a key is not plain text",
  RESOURCE_EXHAUSTION: "the file is nested too deeply",
  TAB_AS_INDENT: "a tab is used for indentation; YAML wants spaces",
  TAG_RESOLVE_FAILED: `a tag, a word that begins with an exclamation mark, is not known; ${QUOTES}`,
  UNEXPECTED_TOKEN: `something stands where YAML expects nothing, such as text behind | or >, or behind a closing quote; ${QUOTES}`,
};

/** Errors without a code, thrown when a document is turned into values. */
const THROWN: readonly (readonly [start: string, problem: string])[] = [
  ["Unresolved alias", "Unresolved alias: the anchor that it names is not above it"],
  ["Excessive alias count", "Excessive alias count: aliases stand for aliases without end"],
  ["Merge sources", "only a mapping can be merged"],
];

/** What an error of the YAML library is about, with line and column where it knows them, in words that hold nothing of the text. */
export function yamlProblem(error: unknown): string {
  const { code, linePos, message } = error as Partial<YAMLError>;
  if (code === undefined) return THROWN.find(([start]) => message?.startsWith(start) === true)?.[1] ?? YAML_PROBLEMS.IMPOSSIBLE;
  const problem = Object.hasOwn(YAML_PROBLEMS, code) ? YAML_PROBLEMS[code] : YAML_PROBLEMS.IMPOSSIBLE;
  return linePos === undefined ? problem : `${problem} (${linePos[0].line}:${linePos[0].col})`;
}

import { Composer, isScalar, Lexer, LineCounter, Parser, type Document, type Tags, type YAMLError } from "yaml";
import { yamlProblem } from "../../util/index.ts";
import { type ConfigIssue, invalid, type IssueDraft, stricter } from "../issue.ts";
import { readDocument, type LoadedDocument } from "./document.ts";
import { type Place, Positions } from "../positions.ts";
import { installConfigSchema } from "../schema/install-config.ts";
import { decodeText } from "./text.ts";

const MOST_TOKENS = 60_000;
const DEEPEST_FLOW = 100;
const MOST_SYNTAX_ERRORS = 20;

// OpenShift reads YAML 1.1 scalars (`yes` is true, `010` is 8), but neither its dates nor its base-60 numbers, which would eat MAC addresses.
const FOREIGN_TAG = /(?:timestamp|binary|set|omap|pairs|merge)$/;
const customTags = (tags: Tags): Tags => tags.filter((tag) => typeof tag === "string" || (tag.format !== "TIME" && !FOREIGN_TAG.test(tag.tag)));

/** Reads an install-config into plain data with positions. Never throws: what keeps the file from being read is in `issues`. */
export function loadDocument(source: Uint8Array | string): LoadedDocument {
  const decoded = decodeText(source);
  if ("problem" in decoded) return failed([decoded.problem]);
  const { text } = decoded;
  const excess = tooComplex(text);
  if (excess !== undefined) return failed([excess]);
  const lines = new LineCounter();
  const documents = compose(text, lines);
  const [first, second] = documents;
  if (first === undefined || (isEmpty(first) && first.errors.length === 0 && second === undefined)) return failed([fileIssue("the file is empty")]);
  if (first.errors.length > 0) return failed(first.errors.slice(0, MOST_SYNTAX_ERRORS).map((error) => syntaxIssue(error, lines)));
  if (second !== undefined && isEmpty(first))
    return failed([{ ...fileIssue("the file holds more than one YAML document; keep one"), ...place(lines, second.range[0]) }]);
  const document = readDocument(first, installConfigSchema, text, lines);
  return second === undefined || isEmpty(second) ? document : { ...document, errors: [...document.errors, unread(place(lines, second.range[0]))] };
}

/** A document that ends where it begins is an empty text to the parser. */
const isEmpty = ({ contents }: Document.Parsed): boolean =>
  contents === null || (isScalar(contents) && contents.value === null && contents.source === "");

const unread = (at: Place): IssueDraft =>
  stricter({ ...invalid("", undefined, "the file holds more than one YAML document; keep one, since nothing is read of the others"), place: at });

/** At most two documents: more are an error anyway, and a file of separators has hundreds of thousands. */
function compose(text: string, lines: LineCounter): Document.Parsed[] {
  // uniqueKeys compares each key with each: quadratic, so readDocument looks for duplicates instead.
  const composer = new Composer({ schema: "yaml-1.1", customTags, merge: false, uniqueKeys: false, prettyErrors: false, lineCounter: lines });
  const found: Document.Parsed[] = [];
  for (const document of composer.compose(new Parser(lines.addNewLine).parse(text), true, text.length)) {
    found.push(document);
    if (found.length === 2) break;
  }
  return found;
}

/** The parser needs seconds for a megabyte of brackets, the lexer only some ten milliseconds: it looks first. */
function tooComplex(text: string): ConfigIssue | undefined {
  let tokens = 0;
  let depth = 0;
  for (const token of new Lexer().lex(text)) {
    if (token === "[" || token === "{") depth++;
    if (token === "]" || token === "}") depth--;
    if (depth > DEEPEST_FLOW) return fileIssue(`the file nests brackets more than ${DEEPEST_FLOW} levels deep`);
    if (++tokens > MOST_TOKENS) return fileIssue(`the file has more than ${MOST_TOKENS} YAML tokens, far more than an install-config needs`);
  }
  return undefined;
}

function syntaxIssue(error: YAMLError, lines: LineCounter): ConfigIssue {
  return { ...fileIssue(`YAML: ${yamlProblem(error)}`), ...place(lines, error.pos[0]) };
}

function place(lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

const fileIssue = (message: string): ConfigIssue => ({ path: "", kind: "Invalid value", message, line: 1, column: 1 });
const failed = (issues: readonly ConfigIssue[]): LoadedDocument => ({
  data: {},
  positions: new Positions(),
  issues,
  errors: [],
  warnings: [],
  dropped: [],
  doubted: [],
});

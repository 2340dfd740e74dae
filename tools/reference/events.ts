import ts from "typescript";
import { code, page, table } from "./page.ts";

interface EventField {
  readonly name: string;
  readonly type: string;
  readonly optional: boolean;
}

interface EventDoc {
  readonly type: string;
  readonly comment: string;
  readonly fields: readonly EventField[];
}

/** Reads the union `InstallerEvent`, the events that are interfaces, and the other types of literals in the text of src/events/event.ts. */
export function parseEvents(text: string): { readonly events: readonly EventDoc[]; readonly aliases: ReadonlyMap<string, string> } {
  const source = ts.createSourceFile("event.ts", text, ts.ScriptTarget.Latest, true);
  const aliases = new Map<string, string>();
  const events: EventDoc[] = [];
  for (const statement of source.statements) {
    if (ts.isInterfaceDeclaration(statement) && statement.name.text.endsWith("Event")) {
      events.push(eventOf(statement, source, commentIn(statement.getFullText(source))));
      continue;
    }
    if (!ts.isTypeAliasDeclaration(statement)) continue;
    if (statement.name.text !== "InstallerEvent") {
      aliases.set(statement.name.text, statement.type.getText(source));
      continue;
    }
    if (!ts.isUnionTypeNode(statement.type)) throw new Error("InstallerEvent is no union");
    let from = statement.type.getFullStart();
    for (const member of statement.type.types) {
      if (!ts.isTypeLiteralNode(member)) throw new Error(`not a literal type: ${member.getText(source)}`);
      // A comment over a member stands before its `|`, so the compiler does not attach it.
      events.push(eventOf(member, source, commentIn(text.slice(from, member.getStart(source)))));
      from = member.end;
    }
  }
  if (events.length === 0) throw new Error("event.ts declares no InstallerEvent");
  return { events, aliases };
}

function eventOf(member: ts.TypeLiteralNode | ts.InterfaceDeclaration, source: ts.SourceFile, comment: string): EventDoc {
  const fields = member.members.filter(ts.isPropertySignature).map((property) => ({
    name: property.name.getText(source),
    type: property.type?.getText(source) ?? "unknown",
    optional: property.questionToken !== undefined,
  }));
  const type = fields.find((field) => field.name === "type");
  if (type === undefined) throw new Error(`event without a type: ${member.getText(source)}`);
  return { type: type.type.replaceAll('"', ""), comment, fields: fields.filter((field) => field !== type) };
}

function commentIn(text: string): string {
  const comment = /\/\*\*([\s\S]*?)\*\//.exec(text)?.[1] ?? "";
  return comment
    .replaceAll(/^\s*\*\s?/gm, "")
    .replaceAll(/\s+/g, " ")
    .trim();
}

/** docs/reference/events.md, from the text of src/events/event.ts. */
export function eventsPage(text: string): string {
  const { events, aliases } = parseEvents(text);
  return page(
    "# Events",
    "With `--output json` a command prints one JSON object a line on standard output, each with a `type` of this page and the `time` (ISO 8601). The last one is the result (`validate` has one for each file): what this page calls `data` stands in it directly. Secrets are taken out before anything is printed.",
    ...events.map(({ type, comment, fields }) =>
      [
        `## ${type}`,
        ...(comment === "" ? [] : [comment]),
        table(
          ["field", "type", ""],
          fields.map((field) => [code(field.name), code(aliases.get(field.type) ?? field.type), field.optional ? "optional" : ""]),
        ),
      ].join("\n\n"),
    ),
  );
}

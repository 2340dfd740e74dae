import { InstallerError } from "../../../errors/index.ts";
import { element, type XmlElement } from "./xml.ts";

const TOKEN =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[([\s\S]*?)\]\]>|<\/([^\s>]+)\s*>|<([^\s/>!?]+)((?:\s+[^\s=/>]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>|([^<]+)/g;
const ATTRIBUTE = /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/**
 * Reads what libvirt prints: elements, attributes, text, comments; no document types, no entities of their own.
 * @throws InstallerError LIBVIRT_FAILED if the text is not well-formed
 */
export function parseXml(text: string): XmlElement {
  const root = { name: "", attributes: {}, children: [] as (XmlElement | string)[] };
  const stack = [root];
  let end = 0;
  for (const token of text.matchAll(TOKEN)) {
    const [whole, cdata, closing, opening, attributes = "", selfClosing, plain] = token;
    if (token.index !== end) throw malformed(text, end);
    end = token.index + whole.length;
    const top = stack.at(-1) ?? root;
    if (opening !== undefined) {
      const child = { ...element(opening, attributesOf(attributes)), children: [] };
      top.children.push(child);
      if (selfClosing === "") stack.push(child);
    } else if (closing !== undefined) {
      if (stack.length === 1 || top.name !== closing) throw malformed(text, token.index);
      stack.pop();
    } else if (cdata !== undefined) top.children.push(cdata);
    else if (plain !== undefined && plain.trim() !== "") top.children.push(decode(plain.trim()));
  }
  const found = root.children.find((child) => typeof child !== "string");
  if (end !== text.length || stack.length !== 1 || found === undefined) throw malformed(text, end);
  return found;
}

const attributesOf = (text: string): Record<string, string> =>
  Object.fromEntries([...text.matchAll(ATTRIBUTE)].map(([, key = "", double, single]) => [key, decode(double ?? single ?? "")]));

function decode(text: string): string {
  return text.replaceAll(/&(#x[0-9a-fA-F]+|#\d+|\w+);/g, (whole, name: string) => {
    if (name.startsWith("#x")) return String.fromCodePoint(Number.parseInt(name.slice(2), 16));
    if (name.startsWith("#")) return String.fromCodePoint(Number(name.slice(1)));
    return ENTITIES[name] ?? whole;
  });
}

function malformed(text: string, at: number): InstallerError {
  return new InstallerError("LIBVIRT_FAILED", "libvirt answered something that is not XML", { value: text.slice(at, at + 80) });
}

/** All elements below `root` that are reached by the names of `path`, in document order. */
export function findAll(root: XmlElement, ...path: readonly string[]): readonly XmlElement[] {
  return path.reduce<readonly XmlElement[]>(
    (found, name) =>
      found.flatMap((parent) =>
        parent.children.filter((child): child is XmlElement => typeof child !== "string" && localName(child.name) === localName(name)),
      ),
    [root],
  );
}

/** The first of `findAll`. */
export const find = (root: XmlElement, ...path: readonly string[]): XmlElement | undefined => findAll(root, ...path)[0];

/** The element's own text. */
export const textOf = (root: XmlElement | undefined): string => (root?.children ?? []).filter((child) => typeof child === "string").join("");

/** Without the prefix, which libvirt may rename. */
const localName = (name: string): string => name.slice(name.indexOf(":") + 1);

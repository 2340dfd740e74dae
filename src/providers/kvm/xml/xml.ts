/** An XML element; `children` holds elements and, as strings, text. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (XmlElement | string)[];
}

type Attributes = Readonly<Record<string, string | number | undefined>>;
type Child = XmlElement | string | undefined | false;

/** Makes an element; undefined attributes and children are left out, so that builders can say `condition && element(…)`. */
export function element(name: string, attributes: Attributes = {}, ...children: readonly Child[]): XmlElement {
  return {
    name,
    attributes: Object.fromEntries(Object.entries(attributes).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]]))),
    children: children.filter((child): child is XmlElement | string => child !== undefined && child !== false),
  };
}

const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", "'": "&apos;", '"': "&quot;" };

/** Text for between tags or inside an attribute. Characters that XML 1.0 cannot hold at all are dropped. */
export function escapeXml(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "")
    .replaceAll(/[&<>'"]/g, (character) => ESCAPES[character] ?? character);
}

/** The element as indented text. */
export function renderXml(root: XmlElement, indent = ""): string {
  const attributes = Object.entries(root.attributes).map(([key, value]) => ` ${key}='${escapeXml(value)}'`);
  const open = `${indent}<${root.name}${attributes.join("")}`;
  if (root.children.length === 0) return `${open}/>\n`;
  if (root.children.every((child) => typeof child === "string"))
    return `${open}>${root.children.map((child) => escapeXml(String(child))).join("")}</${root.name}>\n`;
  const inner = root.children.map((child) => (typeof child === "string" ? `${indent}  ${escapeXml(child)}\n` : renderXml(child, `${indent}  `)));
  return `${open}>\n${inner.join("")}${indent}</${root.name}>\n`;
}

import { type Alias, type Document, type Node, visit } from "yaml";

/** What the aliases of a document stand for. */
export interface References {
  /** The node that an alias repeats; undefined where no anchor before it has the name. */
  targetOf(alias: Alias): Node | undefined;
  /** True if an alias repeats the node. */
  isRepeated(node: Node): boolean;
}

/** Goes through the document once: looking for each alias's anchor by itself would take quadratic time. */
export function referencesOf(document: Document.Parsed): References {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  visit(document, {
    Alias(_, alias) {
      const target = anchors.get(alias.source);
      if (target !== undefined) targets.set(alias, target);
    },
    Value(_, node) {
      if (node.anchor !== undefined) anchors.set(node.anchor, node);
    },
  });
  const repeated = new Set(targets.values());
  return { targetOf: (alias) => targets.get(alias), isRepeated: (node) => repeated.has(node) };
}

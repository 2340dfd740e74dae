export type GraphFormat = "mermaid" | "dot";

interface Graph {
  readonly edges: readonly (readonly [from: string, to: string])[];
}

/** A graph as a text for mermaid.js, or for `dot` of Graphviz. */
export const graphText = (graph: Graph, format: GraphFormat): string => (format === "dot" ? dot(graph) : mermaid(graph));

function dot({ edges }: Graph): string {
  const lines = edges.map(([from, to]) => `  ${JSON.stringify(from)} -> ${JSON.stringify(to)};`);
  return ["digraph assets {", "  rankdir=LR;", "  node [shape=box];", ...lines, "}"].join("\n");
}

/** Nodes have short ids, since mermaid takes no slashes there. */
function mermaid({ edges }: Graph): string {
  const ids = new Map([...new Set(edges.flat())].map((name, index) => [name, `n${index}`]));
  const nodes = [...ids].map(([name, id]) => `  ${id}["${name}"]`);
  return ["flowchart LR", ...nodes, ...edges.map(([from, to]) => `  ${ids.get(from)} --> ${ids.get(to)}`)].join("\n");
}

import { graph } from "../installer/index.ts";
import type { CommandModule } from "./command.ts";
import { graphText, type GraphFormat } from "./render/graph.ts";

export const run: CommandModule["run"] = async (invocation) => {
  const format = (invocation.options["format"] ?? "mermaid") as GraphFormat;
  invocation.result(await graph(await invocation.world(false)), (edges) => graphText(edges, format));
  return undefined;
};

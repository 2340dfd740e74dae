import { bootstrapIsComplete } from "../../stack/index.ts";
import { clusterOf } from "../context.ts";
import type { Phase } from "../phase.ts";
import { updateOf } from "../update-of.ts";
import { startUpdate } from "./create-infrastructure.ts";

export const removeBootstrap: Phase = {
  id: "remove-bootstrap",
  title: "Remove the bootstrap machine",
  run: async (context) => {
    if (!updateOf(context).bootstrap) return { skipped: "it is gone already" };
    if (!(await bootstrapIsComplete(context.folder))) throw new Error("bootstrapping is complete, but there is no record of it");
    const { changes } = await (await startUpdate(context, clusterOf(context), "full")).result();
    const others = Object.entries(changes).filter(
      ([operation, count]) => !["delete", "same", "read", "update"].includes(operation) && (count ?? 0) > 0,
    );
    if (others.length > 0)
      context.reporter.emit({
        type: "log",
        level: "warning",
        message: `removing the bootstrap machine also changed other things: ${others.map(([operation, count]) => `${count} ${operation}`).join(", ")}`,
      });
    return "done";
  },
};

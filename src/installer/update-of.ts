import type { ClusterUpdate } from "./cluster-update.ts";
import type { Context } from "./context.ts";

/** The update that `create-infrastructure` started. */
export function updateOf(context: Context): ClusterUpdate {
  if (context.update === undefined) throw new Error("create-infrastructure comes before this phase");
  return context.update;
}

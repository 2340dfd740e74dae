import { clusterOf } from "../context.ts";
import type { Phase } from "../phase.ts";
import { updateOf } from "../update-of.ts";

export const virtualization: Phase = {
  id: "virtualization",
  title: "Deploy virtualization and wait until it works",
  run: async (context) => {
    // Also without it there may be one to take away, and the update has its end.
    await updateOf(context).result();
    return clusterOf(context).spec.virtualization === undefined ? { skipped: "the install-config does not ask for it" } : "done";
  },
};

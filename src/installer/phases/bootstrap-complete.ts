import type { Phase } from "../phase.ts";
import { updateOf } from "../update-of.ts";

export const bootstrapComplete: Phase = {
  id: "bootstrap-complete",
  title: "Wait until the control plane stands on its own",
  run: async (context) => {
    await updateOf(context).reach("bootstrap");
    return "done";
  },
};

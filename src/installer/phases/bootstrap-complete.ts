import type { Phase } from "../phase.ts";
import { updateOf } from "../update-of.ts";

export const bootstrapComplete: Phase = {
  id: "bootstrap-complete",
  title: "Wait until the control plane runs without the bootstrap machine",
  run: async (context) => {
    await updateOf(context).reach("bootstrap");
    return "done";
  },
};

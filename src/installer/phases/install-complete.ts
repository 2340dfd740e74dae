import type { Phase } from "../phase.ts";
import { updateOf } from "../update-of.ts";

export const installComplete: Phase = {
  id: "install-complete",
  title: "Create the compute machines and wait until the cluster is ready",
  run: async (context) => {
    await updateOf(context).reach("install");
    return "done";
  },
};

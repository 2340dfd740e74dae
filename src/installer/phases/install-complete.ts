import { withAdminClient } from "../admin-client.ts";
import { clusterOf } from "../context.ts";
import type { Phase } from "../phase.ts";
import { settleRehearsals } from "../settle-rehearsals.ts";
import { updateOf } from "../update-of.ts";

/** The controller that runs beside an installation acts within it. */
const CONTROLLER_MS = 60_000;

export const installComplete: Phase = {
  id: "install-complete",
  title: "Create the compute machines and wait until the cluster is ready",
  run: async (context) => {
    await updateOf(context).reach("install");
    if (clusterOf(context).spec.machineManagement === "MachineSets")
      await withAdminClient(context, async (client) => await settleRehearsals(client, context, CONTROLLER_MS));
    return "done";
  },
};

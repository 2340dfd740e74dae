import { clusterOf } from "../context.ts";
import { knownOf } from "../known-cluster.ts";
import { openDriver } from "../open-driver.ts";
import type { Phase } from "../phase.ts";

export const recoverState: Phase = {
  id: "recover-state",
  title: "Recover from an interrupted run",
  run: async (context) => {
    const driver = await openDriver(context, knownOf(clusterOf(context)));
    context.existing = await driver.recover();
    return "done";
  },
};

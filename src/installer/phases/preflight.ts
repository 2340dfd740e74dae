import { clusterOf } from "../context.ts";
import type { Phase } from "../phase.ts";
import { judgePreflight, runPreflight } from "../preflight.ts";

export const preflight: Phase = {
  id: "preflight",
  title: "Check the host",
  run: async (context) => {
    const cluster = clusterOf(context);
    // Addresses and names are in use once our own machines are there.
    if (context.existing?.some((urn) => !urn.includes("::pulumi:")) === true) return { skipped: "the machines are being created already" };
    judgePreflight(await runPreflight(context, cluster, context.options.skip ?? []), context);
    return "done";
  },
};

import { warnOfAges } from "../certificate-ages.ts";
import type { Phase } from "../phase.ts";
import { prepare } from "../prepare.ts";

export const prepareAssets: Phase = {
  id: "prepare-assets",
  title: "Create keys, manifests and Ignition configs",
  run: async (context) => {
    context.cluster = await prepare(context, context.options);
    await warnOfAges(context, context.cluster);
    return "done";
  },
};

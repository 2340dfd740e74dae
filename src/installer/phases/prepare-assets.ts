import { prepareAssets as prepareAlone, prepareCluster } from "../../stack/index.ts";
import { warnOfAges } from "../certificate-ages.ts";
import type { Phase } from "../phase.ts";
import { prepare } from "../prepare.ts";

const NAMES = { id: "prepare-assets", title: "Create keys, manifests and Ignition configs" } as const;

export const prepareAssets: Phase = {
  ...NAMES,
  run: async (context) => {
    context.cluster = await prepare(context, context.options, prepareCluster);
    await warnOfAges(context, context.cluster);
    return "done";
  },
};

/** On any platform: whose the machines are does not matter. */
export const prepareAssetsOnly: Phase = {
  ...NAMES,
  run: async (context) => {
    context.assets = await prepare(context, context.options, prepareAlone);
    await warnOfAges(context, context.assets);
    return "done";
  },
};

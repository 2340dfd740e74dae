import { passphraseOf, prepareCluster } from "../../stack/index.ts";
import { warnOfAges } from "../certificate-ages.ts";
import type { Phase } from "../phase.ts";

export const prepareAssets: Phase = {
  id: "prepare-assets",
  title: "Make keys, manifests and Ignition configs",
  run: async (context) => {
    const { folder, clock, entropy, redactor, reporter, options } = context;
    redactor.add(await passphraseOf(folder, context.env));
    context.cluster = await prepareCluster({
      folder,
      clock,
      entropy,
      regenerate: options.regenerate,
      ...(options.timeouts === undefined ? {} : { timeouts: options.timeouts }),
      onSecret: (secret) => redactor.add(secret),
    });
    for (const note of context.cluster.notes) reporter.emit({ type: "log", level: "info", message: note });
    await warnOfAges(context, context.cluster);
    return "done";
  },
};

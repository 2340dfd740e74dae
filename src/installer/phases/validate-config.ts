import { readCluster } from "../../stack/index.ts";
import { warnOnce } from "../config-warnings.ts";
import type { Phase } from "../phase.ts";

export const validateConfig: Phase = {
  id: "validate-config",
  title: "Read and check the install-config",
  run: async (context) => {
    context.read = await readCluster(context.folder, { env: context.env, onWarning: warnOnce(context), timeouts: context.options.timeouts });
    return "done";
  },
};

import { readCluster } from "../../stack/index.ts";
import { warnOnce } from "../config-warnings.ts";
import type { Context } from "../context.ts";
import type { Phase } from "../phase.ts";
import { refuseUninstallable } from "../refuse-uninstallable.ts";

const NAMES = { id: "validate-config", title: "Read and check the install-config" } as const;

export const validateConfig: Phase = {
  ...NAMES,
  run: async (context) => {
    await read(context);
    return "done";
  },
};

/** For a cluster that is to be brought up. */
export const validateInstallation: Phase = {
  ...NAMES,
  run: async (context) => {
    refuseUninstallable((await read(context)).spec);
    return "done";
  },
};

async function read(context: Context): Promise<NonNullable<Context["read"]>> {
  context.read = await readCluster(context.folder, { env: context.env, onWarning: warnOnce(context), timeouts: context.options.timeouts });
  return context.read;
}

import { readCluster } from "../../stack/index.ts";
import type { Phase } from "../phase.ts";

export const validateConfig: Phase = {
  id: "validate-config",
  title: "Read and check the install-config",
  run: async ({ folder }) => {
    await readCluster(folder);
    return "done";
  },
};

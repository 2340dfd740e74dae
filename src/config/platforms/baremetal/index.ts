import { machineSize } from "../machine-size.ts";
import type { PlatformConfig } from "../platform-config.ts";
import { baremetalRules } from "./rules.ts";

export const baremetal: PlatformConfig = {
  name: "baremetal",
  onPremises: true,
  vips: (config) => config.platform?.baremetal,
  rules: baremetalRules,
  platformSpec: () => ({ name: "baremetal" }),
  poolSize: (config) => machineSize(config.distribution),
};

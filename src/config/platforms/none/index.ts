import type { PlatformConfig } from "../platform-config.ts";
import { machineSize } from "../machine-size.ts";

export const none: PlatformConfig = {
  name: "none",
  onPremises: false,
  rules: () => [],
  platformSpec: () => ({ name: "none" }),
  poolSize: (config) => machineSize(config.distribution),
};

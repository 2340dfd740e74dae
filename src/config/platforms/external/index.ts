import { machineSize } from "../machine-size.ts";
import type { PlatformConfig } from "../platform-config.ts";

export const external: PlatformConfig = {
  name: "external",
  onPremises: false,
  rules: () => [],
  platformSpec: () => ({ name: "external" }),
  poolSize: (config) => machineSize(config.distribution),
};

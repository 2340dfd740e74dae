import { machineSize } from "../machine-size.ts";
import type { PlatformConfig } from "../platform-config.ts";
import { externalSchema } from "./schema.ts";

export const external: PlatformConfig = {
  name: "external",
  schema: externalSchema,
  makesMachines: false,
  isHardware: true,
  singleNode: "in place",
  onPremises: false,
  rules: () => [],
  platformSpec: () => ({ name: "external" }),
  poolSize: (config) => machineSize(config.distribution),
};

import { convertVips } from "../conversion.ts";
import { machineSize } from "../machine-size.ts";
import type { PlatformConfig } from "../platform-config.ts";
import { baremetalPool, baremetalSchema } from "./schema.ts";
import { baremetalRules } from "./rules.ts";

export const baremetal: PlatformConfig = {
  name: "baremetal",
  schema: baremetalSchema,
  poolSchema: baremetalPool,
  makesMachines: false,
  isHardware: true,
  managesHardware: true,
  onPremises: true,
  convert: (config, conversion) =>
    config.platform?.baremetal === undefined
      ? config
      : { ...config, platform: { ...config.platform, baremetal: convertVips(config.platform.baremetal, "platform.baremetal", conversion) } },
  vips: (config) => config.platform?.baremetal,
  rules: baremetalRules,
  platformSpec: () => ({ name: "baremetal" }),
  poolSize: (config) => machineSize(config.distribution),
};

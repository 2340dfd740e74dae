import type { PlatformConfig } from "../platform-config.ts";
import { noneSchema } from "./schema.ts";
import { machineSize } from "../machine-size.ts";

export const none: PlatformConfig = {
  name: "none",
  schema: noneSchema,
  makesMachines: false,
  isHardware: true,
  yieldsTo: ["baremetal"],
  singleNode: "possible",
  onPremises: false,
  openshift: { type: "None", ingressOnSingleNode: true },
  rules: () => [],
  platformSpec: () => ({ name: "none" }),
  poolSize: (config) => machineSize(config.distribution),
};

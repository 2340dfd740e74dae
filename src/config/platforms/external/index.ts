import { machineSize } from "../machine-size.ts";
import type { PlatformConfig } from "../platform-config.ts";
import { openshiftOnExternal } from "./openshift.ts";
import { externalSchema } from "./schema.ts";
import type { ExternalPlatformSpec } from "./spec.ts";
import type { InstallConfig } from "../../install-config.ts";
import { notEmpty, present } from "../../optional.ts";

export const external: PlatformConfig = {
  name: "external",
  schema: externalSchema,
  makesMachines: false,
  isHardware: true,
  yieldsTo: ["baremetal", "none"],
  singleNode: "in place",
  onPremises: false,
  rules: () => [],
  openshift: openshiftOnExternal,
  platformSpec,
  poolSize: (config) => machineSize(config.distribution),
};

function platformSpec(config: InstallConfig): ExternalPlatformSpec {
  const { platformName, cloudControllerManager } = config.platform?.external ?? {};
  return {
    name: "external",
    ...present("platformName", notEmpty(platformName)),
    cloudControllerManager: cloudControllerManager === "External" ? "External" : "None",
  };
}

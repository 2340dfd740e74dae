import { machineSize } from "../machine-size.ts";
import type { PlatformConfig } from "../platform-config.ts";
import { openshiftOnExternal } from "./openshift.ts";
import { externalSchema } from "./schema.ts";
import type { ExternalPlatformSpec } from "./spec.ts";
import type { InstallConfig } from "../../install-config.ts";
import { notEmpty } from "../../optional.ts";

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
  applyDefaults,
  platformSpec,
  poolSize: (config) => machineSize(config.distribution),
};

function applyDefaults(config: InstallConfig): InstallConfig {
  const external = config.platform?.external;
  if (external === undefined) return config;
  return { ...config, platform: { ...config.platform, external: { ...external, platformName: notEmpty(external.platformName) ?? "Unknown" } } };
}

function platformSpec(config: InstallConfig): ExternalPlatformSpec {
  const { platformName = "Unknown", cloudControllerManager } = config.platform?.external ?? {};
  return { name: "external", platformName, cloudControllerManager: cloudControllerManager === "External" ? "External" : "None" };
}

import type { PlatformConfig } from "../platform-config.ts";
import { hostRules, staticHostsOf } from "../static-hosts.ts";
import { vspherePlatformSpec } from "./platform-spec.ts";
import { vspherePoolOf } from "./pool.ts";

const PATH = "platform.vsphere";

export const vsphere: PlatformConfig = {
  name: "vsphere",
  onPremises: true,
  vips: (config) => config.platform?.vsphere,
  rules: (config) => hostRules(config, PATH, config.platform?.vsphere?.hosts ?? [], config.platform?.vsphere),
  platformSpec: vspherePlatformSpec,
  poolSize: vspherePoolOf,
  staticHosts: (config) => staticHostsOf(config.platform?.vsphere?.hosts ?? []),
};

import { machineSize } from "../machine-size.ts";
import type { PlatformConfig } from "../platform-config.ts";
import { hostRules, staticHostsOf } from "../static-hosts.ts";

const PATH = "platform.vsphere";

export const vsphere: PlatformConfig = {
  name: "vsphere",
  onPremises: true,
  vips: (config) => config.platform?.vsphere,
  rules: (config) => hostRules(config, PATH, config.platform?.vsphere?.hosts ?? [], config.platform?.vsphere),
  platformSpec: () => ({ name: "vsphere" }),
  poolSize: (config, pool) => machineSize("openshift", pool.platform?.vsphere, config.platform?.vsphere?.defaultMachinePlatform),
  staticHosts: (config) => staticHostsOf(config.platform?.vsphere?.hosts ?? []),
};

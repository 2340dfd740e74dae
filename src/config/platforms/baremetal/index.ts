import { machineSize } from "../machine-size.ts";
import type { PlatformConfig } from "../platform-config.ts";
import { enabledCapabilities } from "../../fields/capability-names.ts";
import type { InstallConfig } from "../../install-config.ts";
import { convertBaremetal } from "./convert.ts";
import { baremetalDefaults } from "./defaults.ts";
import { openshiftOnBaremetal } from "./openshift.ts";
import { byRole } from "./roles.ts";
import { baremetalRules, baremetalWarnings } from "./rules.ts";
import { baremetalPool, baremetalSchema } from "./schema.ts";
import type { BaremetalPlatformSpec } from "./spec.ts";

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
      : { ...config, platform: { ...config.platform, baremetal: convertBaremetal(config.platform.baremetal, conversion) } },
  checksVipPlaces: true,
  vips: (config) => config.platform?.baremetal,
  rules: baremetalRules,
  warnings: baremetalWarnings,
  gates: (config) =>
    config.platform?.baremetal?.dnsRecordsType === "External" ? [{ path: "platform.baremetal.dnsRecordsType", gate: "OnPremDNSRecords" }] : [],
  openshift: openshiftOnBaremetal,
  applyDefaults: baremetalDefaults,
  platformSpec,
  secrets: ({ platform }) => (platform as BaremetalPlatformSpec).hosts.map(({ bmc }) => bmc?.password ?? ""),
  poolSize: (config) => machineSize(config.distribution),
};

function platformSpec(config: InstallConfig): BaremetalPlatformSpec {
  const { hosts = [], ...settings } = config.platform?.baremetal ?? {};
  return { name: "baremetal", settings, hosts: byRole(hosts), machineAPI: enabledCapabilities(config).has("MachineAPI") };
}

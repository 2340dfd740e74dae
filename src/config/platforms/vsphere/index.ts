import type { PlatformConfig } from "../platform-config.ts";
import { staticHostsOf } from "../static-hosts.ts";
import { vsphereGates } from "./gates.ts";
import { openshiftPath } from "./openshift-path.ts";
import { vspherePlatformSpec } from "./platform-spec.ts";
import { vspherePoolOf } from "./pool.ts";
import { vsphereRules, vsphereWarnings } from "./rules.ts";

export const vsphere: PlatformConfig = {
  name: "vsphere",
  onPremises: true,
  vips: (config) => config.platform?.vsphere,
  rules: vsphereRules,
  warnings: vsphereWarnings,
  gates: vsphereGates,
  shownPath: openshiftPath,
  platformSpec: vspherePlatformSpec,
  poolSize: vspherePoolOf,
  dataDisks: (config, pool) => vspherePoolOf(config, pool).vsphere.dataDisks.map(({ name }) => name),
  staticHosts: (config) => staticHostsOf(config.platform?.vsphere?.hosts ?? []),
};

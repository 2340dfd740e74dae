import type { ClusterSpec } from "../../cluster-spec.ts";
import type { RawInstallConfig } from "../../install-config.ts";
import { openshiftOnly } from "../../fields/effect.ts";
import { type Conversion, convertVips } from "../conversion.ts";
import type { PlatformConfig } from "../platform-config.ts";
import { staticHostsOf } from "../static-hosts.ts";
import { convertVsphere } from "./convert.ts";
import { resolveVcenters } from "./credentials.ts";
import { vsphereGates } from "./gates.ts";
import { machineOf } from "./machine.ts";
import { vsphereOpenshift } from "./openshift/index.ts";
import { openshiftPath } from "./openshift-path.ts";
import { vspherePlatformSpec } from "./platform-spec.ts";
import { vspherePoolOf } from "./pool.ts";
import { vsphereQuestions } from "./questions.ts";
import { vsphereRules, vsphereWarnings } from "./rules.ts";
import { vspherePool, vsphereSchema } from "./schema.ts";
import type { VSpherePlatformSpec } from "./spec.ts";

export { providerSpec as vsphereProviderSpec } from "./openshift/provider-spec.ts";
export {
  networkPath,
  templateName,
  vmFolder,
  vmGroupName,
  type FailureDomainSpec,
  type NamedObject,
  type TopologySpec,
  type VCenterSpec,
  type VSpherePlatformSpec,
} from "./spec.ts";

export const vsphere: PlatformConfig = {
  name: "vsphere",
  schema: vsphereSchema,
  poolSchema: vspherePool,
  makesMachines: true,
  hasMachineSets: true,
  hasControlPlaneMachineSet: true,
  zones: ({ vsphere }) => vsphere?.zones ?? [],
  // All of a MachineSet's machines are started with the same text. The name is where OpenShift's machines have it, too.
  hostNameCommand: 'vmware-rpctool "info-get guestinfo.hostname"',
  onPremises: true,
  effects: { "platform.vsphere.nodeNetworking": openshiftOnly("cluster"), "platform.vsphere.dnsRecordsType": openshiftOnly("cluster") },
  convert,
  resolveCredentials: resolveVcenters,
  vips: (config) => config.platform?.vsphere,
  rules: vsphereRules,
  warnings: vsphereWarnings,
  gates: vsphereGates,
  shownPath: openshiftPath,
  platformSpec: vspherePlatformSpec,
  poolSize: vspherePoolOf,
  dataDisks: (config, pool) => vspherePoolOf(config, pool).vsphere.dataDisks.map(({ name }) => name),
  staticHosts: (config) => staticHostsOf(config.platform?.vsphere?.hosts ?? []),
  withoutCredentials: (spec) => {
    const platform = own(spec);
    return { ...spec, platform: { ...platform, vcenters: platform.vcenters.map((vcenter) => ({ ...vcenter, user: "", password: "" })) } };
  },
  secrets: (spec) => own(spec).vcenters.map(({ password }) => password),
  machine: machineOf,
  // The only range in which vCenter accepts addresses that it has not given out itself.
  macRange: { prefix: "00:50:56", fourthBytes: 64 },
  questions: vsphereQuestions,
  openshift: vsphereOpenshift,
};

/** Only for a cluster on this platform. */
const own = ({ platform }: ClusterSpec): VSpherePlatformSpec => platform as VSpherePlatformSpec;

function convert(config: RawInstallConfig, conversion: Conversion): RawInstallConfig {
  const vsphere = config.platform?.vsphere;
  if (vsphere === undefined) return config;
  return { ...config, platform: { ...config.platform, vsphere: convertVsphere(convertVips(vsphere, "platform.vsphere", conversion), conversion) } };
}

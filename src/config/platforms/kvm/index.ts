import type { ClusterSpec } from "../../cluster-spec.ts";
import type { InstallConfig } from "../../install-config.ts";
import { machineSize } from "../machine-size.ts";
import type { PlatformConfig } from "../platform-config.ts";
import { staticHostsOf } from "../static-hosts.ts";
import { applyKvmDefaults, isManagedKvm, KVM_MACHINE_NETWORK } from "./defaults.ts";
import { kvmAsHardware } from "./openshift.ts";
import { kvmQuestions } from "./questions.ts";
import { kvmRules } from "./rules.ts";
import { kvmPool, kvmSchema } from "./schema.ts";
import type { KvmPlatformSpec } from "./spec.ts";

export { ALLOWED_PARAMETERS_VARIABLE, connectionUriProblem } from "./connection-uri.ts";
export type { KvmPlatformSpec } from "./spec.ts";

export const kvm: PlatformConfig = {
  name: "kvm",
  schema: kvmSchema,
  poolSchema: kvmPool,
  makesMachines: true,
  onPremises: true,
  hasMachineSets: true,
  defaultTexts: {
    distribution: "kubernetes on platform kvm without pullSecret",
    "networking.machineNetwork": `${KVM_MACHINE_NETWORK} on kvm with a managed network`,
  },
  distributionWithoutPullSecret: "kubernetes",
  machineNetwork: (config) => (isManagedKvm(config) ? KVM_MACHINE_NETWORK : undefined),
  applyDefaults: applyKvmDefaults,
  vips: (config) => config.platform?.kvm,
  checksVipPlaces: true,
  openshift: kvmAsHardware,
  rules: kvmRules,
  platformSpec,
  poolSize: (config, pool) => machineSize(config.distribution, pool.platform?.kvm, config.platform?.kvm?.defaultMachinePlatform),
  staticHosts: (config) => staticHostsOf(config.platform?.kvm?.hosts ?? []),
  bootstrapSize: ({ platform }) => own(platform).bootstrap,
  managedNetwork: ({ platform, networking }) => (own(platform).network.kind === "managed" ? networking.machineNetwork[0] : undefined),
  questions: kvmQuestions,
};

/** Only for a cluster on this platform. */
const own = (platform: ClusterSpec["platform"]): KvmPlatformSpec => platform as KvmPlatformSpec;

function platformSpec(config: InstallConfig): KvmPlatformSpec {
  const { uri, storagePool, network, clusterOSImage, bootstrap, machineHosts = [], allowRestart } = config.platform?.kvm ?? {};
  return {
    name: "kvm",
    uri: uri ?? "qemu:///system",
    ...(storagePool?.name === undefined ? {} : { storagePool: { kind: "existing", name: storagePool.name } }),
    ...(storagePool?.path === undefined ? {} : { storagePool: { kind: "folder", path: storagePool.path } }),
    network: network?.bridge === undefined ? { kind: "managed" } : { kind: "bridge", bridge: network.bridge },
    ...(clusterOSImage === undefined ? {} : { clusterOSImage }),
    bootstrap: machineSize(config.distribution, bootstrap),
    ...(machineHosts.length === 0 ? {} : { machineHosts: machineHosts.flatMap((host) => host ?? []) }),
    ...(allowRestart === true ? { allowRestart } : {}),
  };
}

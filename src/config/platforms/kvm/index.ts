import type { KvmPlatformSpec } from "../../cluster-spec.ts";
import type { InstallConfig } from "../../install-config.ts";
import { machineSize } from "../machine-size.ts";
import type { PlatformConfig } from "../platform-config.ts";
import { staticHostsOf } from "../static-hosts.ts";
import { applyKvmDefaults } from "./defaults.ts";
import { kvmRules } from "./rules.ts";

export const kvm: PlatformConfig = {
  name: "kvm",
  onPremises: true,
  applyDefaults: applyKvmDefaults,
  vips: (config) => config.platform?.kvm,
  rules: kvmRules,
  platformSpec,
  poolSize: (config, pool) => machineSize(config.distribution, pool.platform?.kvm, config.platform?.kvm?.defaultMachinePlatform),
  staticHosts: (config) => staticHostsOf(config.platform?.kvm?.hosts ?? []),
};

function platformSpec(config: InstallConfig): KvmPlatformSpec {
  const { uri, storagePool, network, clusterOSImage, bootstrap, machineManagement } = config.platform?.kvm ?? {};
  return {
    name: "kvm",
    uri: uri ?? "qemu:///system",
    ...(storagePool?.name === undefined ? {} : { storagePool: { kind: "existing", name: storagePool.name } }),
    ...(storagePool?.path === undefined ? {} : { storagePool: { kind: "folder", path: storagePool.path } }),
    network: network?.bridge === undefined ? { kind: "managed" } : { kind: "bridge", bridge: network.bridge },
    ...(clusterOSImage === undefined ? {} : { clusterOSImage }),
    bootstrap: machineSize(config.distribution, bootstrap),
    machineManagement: machineManagement ?? "Static",
  };
}

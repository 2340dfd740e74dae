import type { InstallConfig, Networks } from "./install-config.ts";
import { shortCidr } from "./network/address.ts";

/** Every network in one form: objects of the cluster, and its operators, compare them as texts. For a config that fulfils all rules. */
export function withShortNetworks(config: InstallConfig): InstallConfig {
  const { machineNetwork, clusterNetwork, clusterNetworks, serviceNetwork, machineCIDR, serviceCIDR, ovnKubernetesConfig, ...rest } =
    config.networking;
  const join = ovnKubernetesConfig?.ipv4?.internalJoinSubnet;
  const networking: Networks = {
    ...rest,
    machineNetwork: machineNetwork.map(short),
    clusterNetwork: clusterNetwork.map(short),
    serviceNetwork: serviceNetwork.map(shortCidr),
    ...(clusterNetworks === undefined ? {} : { clusterNetworks: clusterNetworks.map(short) }),
    ...(machineCIDR === undefined ? {} : { machineCIDR: shortCidr(machineCIDR) }),
    ...(serviceCIDR === undefined ? {} : { serviceCIDR: shortCidr(serviceCIDR) }),
    ...(ovnKubernetesConfig === undefined ? {} : { ovnKubernetesConfig }),
    ...(join === undefined ? {} : { ovnKubernetesConfig: { ipv4: { internalJoinSubnet: shortCidr(join) } } }),
  };
  return { ...config, networking };
}

const short = <T extends { readonly cidr?: string | undefined }>(entry: T): T =>
  entry.cidr === undefined ? entry : { ...entry, cidr: shortCidr(entry.cidr) };

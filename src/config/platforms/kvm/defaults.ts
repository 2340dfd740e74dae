import type { InstallConfig, RawInstallConfig } from "../../install-config.ts";
import { ADDRESS_OFFSETS, addressAt } from "../../network/managed-addresses.ts";
import { parseCidr } from "../../network/address.ts";
import { isUserManaged } from "../platform-config.ts";

/** What libvirt installations have used for clusters of their own; libvirt's `default` network is 192.168.122.0/24. */
export const KVM_MACHINE_NETWORK = "192.168.126.0/24";

/** True if machines are on a network that we make. */
export const isManagedKvm = (config: Pick<RawInstallConfig, "platform">): boolean =>
  config.platform?.kvm !== undefined && config.platform.kvm.network === undefined;

/** On a managed network the VIPs have their fixed places, unless the user's load balancer carries them. */
export function applyKvmDefaults(config: InstallConfig): InstallConfig {
  const kvm = config.platform?.kvm;
  const cidr = parseCidr(config.networking.machineNetwork[0]?.cidr ?? "");
  if (kvm === undefined || !isManagedKvm(config) || isUserManaged(kvm) || cidr?.family !== "IPv4") return config;
  const apiVIPs = (kvm.apiVIPs ?? []).length > 0 ? kvm.apiVIPs : [addressAt(cidr.text, ADDRESS_OFFSETS.apiVip)];
  const ingressVIPs = (kvm.ingressVIPs ?? []).length > 0 ? kvm.ingressVIPs : [addressAt(cidr.text, ADDRESS_OFFSETS.ingressVip)];
  return { ...config, platform: { ...config.platform, kvm: { ...kvm, apiVIPs, ingressVIPs } } };
}

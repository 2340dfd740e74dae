import type { InstallConfig } from "../../install-config.ts";
import { type Cidr, contains, formatAddress, parseAddress, parseCidr, shortCidr } from "../../network/address.ts";
import { macAddressOf } from "../../network/mac-address.ts";
import { notEmpty } from "../../optional.ts";
import type { BaremetalHostKeys, BaremetalKeys } from "./spec.ts";

export const DEFAULT_PROVISIONING_CIDR = "172.22.0.0/24";

/** Numbers of addresses within the provisioning network. */
const BOOTSTRAP_ADDRESS = 2n;
const CLUSTER_ADDRESS = 3n;
const FIRST_LEASE = 10n;

/** How OpenShift's installer completes `platform.baremetal`, but for MAC addresses, which it draws: the same file always gives the same here. */
export function baremetalDefaults(config: InstallConfig): InstallConfig {
  const given = config.platform?.baremetal;
  if (given === undefined || config.distribution === "kubernetes") return config;
  const provisioningNetwork = given.provisioningNetwork ?? (given.provisioningDHCPExternal === true ? "Unmanaged" : "Managed");
  const domain = `${config.metadata?.name ?? ""}.${config.baseDomain ?? ""}`;
  const completed: BaremetalKeys = {
    ...given,
    ...networkDefaults(config, given, provisioningNetwork),
    provisioningNetwork,
    libvirtURI: notEmpty(given.libvirtURI) ?? "qemu:///system",
    externalBridge: notEmpty(given.externalBridge) ?? "baremetal",
    externalMACAddress: notEmpty(given.externalMACAddress) ?? macAddressOf(domain, "bootstrap/external"),
    provisioningMACAddress: notEmpty(given.provisioningMACAddress) ?? macAddressOf(domain, "bootstrap/provisioning"),
    ...(given.hosts === undefined ? {} : { hosts: given.hosts.map(hostDefaults) }),
  };
  return { ...config, platform: { ...config.platform, baremetal: completed } };
}

const hostDefaults = (host: BaremetalHostKeys): BaremetalHostKeys => ({
  ...host,
  hardwareProfile: notEmpty(host.hardwareProfile) ?? "default",
  bootMode: host.bootMode ?? "UEFI",
});

type NetworkKeys = Pick<
  BaremetalKeys,
  "provisioningNetworkCIDR" | "bootstrapProvisioningIP" | "clusterProvisioningIP" | "provisioningBridge" | "provisioningDHCPRange"
>;

function networkDefaults(config: InstallConfig, given: BaremetalKeys, kind: BaremetalKeys["provisioningNetwork"]): NetworkKeys {
  if (kind === "Disabled") {
    const address = parseAddress(given.clusterProvisioningIP ?? "");
    const networks = config.networking.machineNetwork.flatMap(({ cidr = "" }) => parseCidr(cidr) ?? []);
    const network = address === undefined ? undefined : networks.findLast((one) => contains(one, address));
    return network === undefined ? {} : { provisioningNetworkCIDR: shortCidr(network.text) };
  }
  const provisioningNetworkCIDR = shortCidr(notEmpty(given.provisioningNetworkCIDR) ?? DEFAULT_PROVISIONING_CIDR);
  const network = parseCidr(provisioningNetworkCIDR);
  const at = (number: bigint): string | undefined => addressIn(network, number);
  const bootstrap = notEmpty(given.bootstrapProvisioningIP) ?? at(BOOTSTRAP_ADDRESS);
  const cluster = notEmpty(given.clusterProvisioningIP) ?? at(CLUSTER_ADDRESS);
  const range = notEmpty(given.provisioningDHCPRange) ?? (kind === "Managed" ? leases(network) : undefined);
  return {
    provisioningNetworkCIDR,
    provisioningBridge: notEmpty(given.provisioningBridge) ?? "provisioning",
    ...(bootstrap === undefined ? {} : { bootstrapProvisioningIP: bootstrap }),
    ...(cluster === undefined ? {} : { clusterProvisioningIP: cluster }),
    ...(range === undefined ? {} : { provisioningDHCPRange: range }),
  };
}

function addressIn(network: Cidr | undefined, number: bigint): string | undefined {
  if (network === undefined || network.first + number > network.last) return undefined;
  return formatAddress({ family: network.family, value: network.first + number });
}

/** All but the first ten and the last. */
function leases(network: Cidr | undefined): string | undefined {
  const first = addressIn(network, FIRST_LEASE);
  if (network === undefined || first === undefined) return undefined;
  return `${first},${formatAddress({ family: network.family, value: network.last - 1n })}`;
}

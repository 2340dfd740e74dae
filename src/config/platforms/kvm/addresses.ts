import type { InstallConfig } from "../../install-config.ts";
import { invalid, type IssueDraft, required, tooMany } from "../../issue.ts";
import { ADDRESS_OFFSETS } from "../../network/managed-addresses.ts";
import { type Address, type Cidr, contains, formatAddress, hostAddress, parseAddress, parseCidr, sameAddress } from "../../network/address.ts";
import { isManagedKvm } from "./defaults.ts";
import { isUserManaged } from "../platform-config.ts";

const LONGEST_MANAGED_PREFIX = 24;
const PATH = "platform.kvm";

/** On a managed network every machine has its place; what the user decides must not take another's. */
export function addressRules(config: InstallConfig): readonly IssueDraft[] {
  const kvm = config.platform?.kvm;
  if (kvm === undefined) return [];
  const hasVips = (kvm.apiVIPs ?? []).length > 0 || (kvm.ingressVIPs ?? []).length > 0;
  if (!isManagedKvm(config)) {
    if (hasVips || (isUserManaged(kvm) && config.distribution === "kubernetes")) return [];
    const message = isUserManaged(kvm)
      ? "is the address of your load balancer, which OpenShift's nodes must know"
      : "on an existing bridge the address cannot be chosen for you";
    return [required(`${PATH}.apiVIPs`, message), required(`${PATH}.ingressVIPs`, message)];
  }
  if (isUserManaged(kvm) && !hasVips) {
    const message = "is the address of your load balancer, which the network's DNS must know";
    return [required(`${PATH}.apiVIPs`, message), required(`${PATH}.ingressVIPs`, message)];
  }
  const networks = config.networking.machineNetwork;
  if (networks.length > 1) return [tooMany("networking.machineNetwork", networks.length, 1)];
  const cidr = parseCidr(networks[0]?.cidr ?? "");
  if (cidr === undefined) return [];
  if (cidr.family !== "IPv4") return [invalid("networking.machineNetwork[0]", cidr.text, "a managed network must be IPv4 in this version")];
  if (cidr.prefix > LONGEST_MANAGED_PREFIX)
    return [invalid("networking.machineNetwork[0]", cidr.text, `a managed network must be a /${LONGEST_MANAGED_PREFIX} or larger`)];
  return [...countRules(config), ...placeRules(config, cidr)];
}

function countRules(config: InstallConfig): readonly IssueDraft[] {
  const places = ADDRESS_OFFSETS.firstDynamic - ADDRESS_OFFSETS.compute;
  return config.compute.flatMap((pool, index) =>
    pool.replicas > places
      ? [invalid(`compute[${index}].replicas`, pool.replicas, `a managed network has addresses for ${places} compute machines`)]
      : [],
  );
}

interface Place extends Address {
  readonly what: string;
}

/** VIPs and static hosts against the gateway, the machines that get their address from us, and the dynamic range. */
function placeRules(config: InstallConfig, cidr: Cidr): readonly IssueDraft[] {
  const kvm = config.platform?.kvm ?? {};
  const hosts = kvm.hosts ?? [];
  const at = (offset: number): Address => ({ family: "IPv4", value: cidr.first + BigInt(offset) });
  const places: Place[] = [{ ...at(ADDRESS_OFFSETS.gateway), what: "the gateway" }];
  // A machine with a static address leaves its own place free.
  const machines = (role: "bootstrap" | "control-plane" | "compute", what: string, first: number, count: number): void => {
    const fixed = hosts.filter((host) => host.role === role);
    for (let index = 0; index < Math.min(count, ADDRESS_OFFSETS.firstDynamic); index++)
      if ((fixed[index]?.networkDevice?.ipAddrs ?? []).length === 0) places.push({ ...at(first + index), what: `${what} ${index}` });
  };
  machines("bootstrap", "bootstrap machine", ADDRESS_OFFSETS.bootstrap, 1);
  machines("control-plane", "control-plane machine", ADDRESS_OFFSETS.controlPlane, config.controlPlane.replicas);
  machines("compute", "compute machine", ADDRESS_OFFSETS.compute, config.compute[0]?.replicas ?? 0);

  const issues: IssueDraft[] = [];
  const check = (path: string, text: string, address: Address | undefined, vip: boolean): void => {
    if (address === undefined || !contains(cidr, address)) return;
    const taken = places.find((place) => sameAddress(place, address));
    if (taken !== undefined) issues.push(invalid(path, text, `${formatAddress(address)} is the address of ${taken.what}`));
    else if (vip && address.value >= at(ADDRESS_OFFSETS.firstDynamic).value && address.value < cidr.last)
      issues.push(invalid(path, text, `is in the range that DHCP assigns; choose one below ${formatAddress(at(ADDRESS_OFFSETS.firstDynamic))}`));
  };
  for (const key of ["apiVIPs", "ingressVIPs"] as const) for (const vip of kvm[key] ?? []) check(`${PATH}.${key}`, vip, parseAddress(vip), true);
  for (const [index, host] of hosts.entries()) {
    for (const [number, text] of (host.networkDevice?.ipAddrs ?? []).entries()) {
      const address = parseCidr(text);
      check(`${PATH}.hosts[${index}].networkDevice.ipAddrs[${number}]`, text, address === undefined ? undefined : hostAddress(address), false);
    }
  }
  return issues;
}

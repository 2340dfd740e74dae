import type { StaticHost } from "../cluster-spec.ts";
import type { InstallConfig } from "../install-config.ts";
import { duplicate, invalid, type IssueDraft, required, stricter, tooMany } from "../issue.ts";
import { type Address, type Cidr, contains, formatAddress, hostAddress, parseAddress, parseCidr } from "../network/address.ts";
import { macProblem } from "../network/mac-address.ts";
import { machineNetworks, placeProblem } from "../network/machine-networks.ts";
import { gatewayProblem, gatewayRules } from "./gateways.ts";
import { isUserManaged, type VipConfig } from "./platform-config.ts";

const MOST_NAMESERVERS = 3;

/** One entry of `hosts:`, as platforms that create virtual machines have it. */
export interface HostInput {
  readonly role?: "bootstrap" | "control-plane" | "compute" | undefined;
  readonly macAddress?: string | undefined;
  readonly failureDomain?: string | undefined;
  readonly networkDevice?: DeviceInput | undefined;
}

interface DeviceInput {
  readonly ipAddrs?: readonly string[] | undefined;
  readonly gateway?: string | undefined;
  readonly nameservers?: readonly string[] | undefined;
}

export function staticHostsOf(hosts: readonly HostInput[]): readonly StaticHost[] {
  return hosts.flatMap(({ role, macAddress, failureDomain, networkDevice }) => {
    if (role === undefined) return [];
    const { ipAddrs = [], gateway, nameservers = [] } = networkDevice ?? {};
    return [
      {
        role,
        ...(macAddress === undefined ? {} : { macAddress }),
        ipAddrs,
        ...(gateway === undefined ? {} : { gateway }),
        nameservers,
        ...(failureDomain === undefined || failureDomain === "" ? {} : { failureDomain }),
      },
    ];
  });
}

export interface HostRuleOptions {
  /** Addresses may lie outside the machine networks. */
  readonly anyNetwork?: boolean;
}

/** Rules of static hosts that do not depend on the platform. OpenShift's installer reads the addresses, and does not compare them. */
export function hostRules(
  config: InstallConfig,
  platformPath: string,
  hosts: readonly HostInput[],
  vips: VipConfig | undefined,
  options: HostRuleOptions = {},
): readonly IssueDraft[] {
  const checker = new HostChecker(machineNetworks(config), options, vips);
  for (const [index, host] of hosts.entries()) checker.host(`${platformPath}.hosts[${index}]`, host);
  return [...checker.issues, ...gatewayRules(platformPath, hosts, vips).map(stricter)];
}

class HostChecker {
  readonly issues: IssueDraft[] = [];
  readonly #networks: readonly Cidr[];
  readonly #anyNetwork: boolean;
  readonly #vips: ReadonlySet<string>;
  /** The user's load balancer may be DNS server and gateway as well. */
  readonly #userManaged: boolean;
  readonly #addresses = new Set<string>();
  readonly #macs = new Set<string>();

  constructor(networks: readonly Cidr[], options: HostRuleOptions, vips: VipConfig | undefined) {
    this.#networks = networks;
    this.#anyNetwork = options.anyNetwork ?? false;
    this.#vips = new Set([...(vips?.apiVIPs ?? []), ...(vips?.ingressVIPs ?? [])].flatMap((vip) => nameOf(parseAddress(vip)) ?? []));
    this.#userManaged = isUserManaged(vips);
  }

  host(path: string, { role, macAddress, networkDevice }: HostInput): void {
    if (role === undefined) this.issues.push(required(`${path}.role`, "say what the host is: bootstrap, control-plane or compute"));
    if (macAddress !== undefined) this.#mac(`${path}.macAddress`, macAddress);
    if (networkDevice !== undefined) this.#device(`${path}.networkDevice`, networkDevice);
  }

  #mac(path: string, mac: string): void {
    const problem = macProblem(mac);
    if (problem !== undefined) this.issues.push(invalid(path, mac, problem));
    else if (this.#macs.has(mac.toLowerCase())) this.issues.push(duplicate(path, mac));
    this.#macs.add(mac.toLowerCase());
  }

  #device(path: string, { ipAddrs = [], gateway, nameservers = [] }: DeviceInput): void {
    if (ipAddrs.length === 0) this.issues.push(required(`${path}.ipAddrs`, "give at least one address with prefix length"));
    for (const [index, text] of ipAddrs.entries()) this.#address(`${path}.ipAddrs[${index}]`, text);
    if (gateway !== undefined) {
      const issue = (problem: string): IssueDraft => invalid(`${path}.gateway`, gateway, problem);
      const problem = gatewayProblem(gateway, ipAddrs);
      if (parseAddress(gateway) === undefined) this.issues.push(issue("must be an IP address"));
      else if (problem !== undefined) this.issues.push(stricter(issue(problem)));
    }
    if (nameservers.length > MOST_NAMESERVERS) this.issues.push(tooMany(`${path}.nameservers`, nameservers.length, MOST_NAMESERVERS));
    for (const [index, server] of nameservers.entries()) {
      const name = nameOf(parseAddress(server));
      if (name === undefined) this.issues.push(invalid(`${path}.nameservers[${index}]`, server, "must be an IP address"));
      else if (this.#vips.has(name) && !this.#userManaged)
        this.issues.push(stricter(invalid(`${path}.nameservers[${index}]`, server, "is one of the VIPs, where no DNS is served")));
    }
  }

  #address(path: string, text: string): void {
    const cidr = parseCidr(text);
    const address = cidr === undefined ? undefined : hostAddress(cidr);
    const name = nameOf(address);
    if (address === undefined || name === undefined) {
      this.issues.push(invalid(path, text, "must be an IP address with prefix length, such as 192.168.126.21/24"));
      return;
    }
    const inside = this.#networks.some((network) => contains(network, address));
    const problem = inside || !this.#anyNetwork ? placeProblem(address, this.#networks) : undefined;
    if (problem !== undefined) this.issues.push(stricter(invalid(path, text, problem)));
    if (this.#vips.has(name)) this.issues.push(stricter(invalid(path, text, `${name} is one of the VIPs`)));
    if (this.#addresses.has(name)) this.issues.push(stricter(duplicate(path, text)));
    this.#addresses.add(name);
  }
}

const nameOf = (address: Address | undefined): string | undefined => (address === undefined ? undefined : formatAddress(address));

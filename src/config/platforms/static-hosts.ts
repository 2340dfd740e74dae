import type { StaticHost } from "../cluster-spec.ts";
import type { InstallConfig } from "../install-config.ts";
import { duplicate, invalid, type IssueDraft, required, tooMany } from "../issue.ts";
import { type Address, contains, formatAddress, parseAddress, parseCidr, sameAddress } from "../net.ts";
import { macProblem } from "../rules/mac-address.ts";
import type { VipConfig } from "./platform-config.ts";

const MOST_NAMESERVERS = 3;

/** One entry of `hosts:`, as kvm and vSphere have it. */
export interface HostInput {
  readonly role?: "bootstrap" | "control-plane" | "compute" | undefined;
  readonly macAddress?: string | undefined;
  readonly networkDevice?: { readonly ipAddrs?: readonly string[] | undefined; readonly gateway?: string | undefined; readonly nameservers?: readonly string[] | undefined } | undefined;
}

export function staticHostsOf(hosts: readonly HostInput[]): readonly StaticHost[] {
  return hosts.flatMap(({ role, macAddress, networkDevice }) =>
    role === undefined
      ? []
      : [
          {
            role,
            ...(macAddress === undefined ? {} : { macAddress }),
            ipAddrs: networkDevice?.ipAddrs ?? [],
            ...(networkDevice?.gateway === undefined ? {} : { gateway: networkDevice.gateway }),
            nameservers: networkDevice?.nameservers ?? [],
          },
        ],
  );
}

/** Rules of static hosts that do not depend on the platform. */
export function hostRules(config: InstallConfig, platformPath: string, hosts: readonly HostInput[], vips: VipConfig | undefined): readonly IssueDraft[] {
  const issues: IssueDraft[] = [];
  const taken: Address[] = [];
  const macs = new Set<string>();
  const networks = config.networking.machineNetwork.flatMap(({ cidr }) => parseCidr(cidr ?? "") ?? []);
  const reserved = [...(vips?.apiVIPs ?? []), ...(vips?.ingressVIPs ?? [])].flatMap((vip) => parseAddress(vip) ?? []);
  for (const [index, host] of hosts.entries()) {
    const path = `${platformPath}.hosts[${index}]`;
    if (host.role === undefined) issues.push(required(`${path}.role`, "say what the host is: bootstrap, control-plane or compute"));
    if (host.macAddress !== undefined) {
      const problem = macProblem(host.macAddress);
      if (problem !== undefined) issues.push(invalid(`${path}.macAddress`, host.macAddress, problem));
      else if (macs.has(host.macAddress.toLowerCase())) issues.push(duplicate(`${path}.macAddress`, host.macAddress));
      macs.add(host.macAddress.toLowerCase());
    }
    if (host.networkDevice === undefined) continue;
    const device = host.networkDevice;
    if ((device.ipAddrs ?? []).length === 0) issues.push(required(`${path}.networkDevice.ipAddrs`, "give at least one address with prefix length"));
    for (const [at, text] of (device.ipAddrs ?? []).entries()) {
      const where = `${path}.networkDevice.ipAddrs[${at}]`;
      const cidr = parseCidr(text);
      if (cidr === undefined) {
        issues.push(invalid(where, text, "must be an IP address with prefix length, such as 192.168.126.21/24"));
        continue;
      }
      const address: Address = { family: cidr.family, value: cidr.ip };
      if (!networks.some((network) => contains(network, address))) issues.push(invalid(where, text, `must lie in one of the machine networks: ${networks.map((network) => network.text).join(", ")}`));
      else if (networks.some((network) => network.family === "IPv4" && network.prefix < 31 && (address.value === network.first || address.value === network.last))) issues.push(invalid(where, text, "is the network's own or its broadcast address"));
      if (reserved.some((vip) => sameAddress(vip, address))) issues.push(invalid(where, text, `${formatAddress(address)} is one of the VIPs`));
      if (taken.some((other) => sameAddress(other, address))) issues.push(duplicate(where, text));
      taken.push(address);
    }
    if (device.gateway !== undefined && parseAddress(device.gateway) === undefined) issues.push(invalid(`${path}.networkDevice.gateway`, device.gateway, "must be an IP address"));
    const nameservers = device.nameservers ?? [];
    if (nameservers.length > MOST_NAMESERVERS) issues.push(tooMany(`${path}.networkDevice.nameservers`, nameservers.length, MOST_NAMESERVERS));
    for (const [at, server] of nameservers.entries()) if (parseAddress(server) === undefined) issues.push(invalid(`${path}.networkDevice.nameservers[${at}]`, server, "must be an IP address"));
  }
  return issues;
}

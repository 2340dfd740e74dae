import type { InstallConfig } from "../install-config.ts";
import { invalid, type IssueDraft, required, tooMany } from "../issue.ts";
import { type Address, type Cidr, contains, parseAddress, parseCidr, sameAddress } from "../net.ts";
import { platformsOf } from "../platforms/registry.ts";

const MOST = 2;

/** platform.<p>.apiVIPs and ingressVIPs, on every platform that has them. */
export function vipRules(config: InstallConfig): readonly IssueDraft[] {
  return platformsOf(config).flatMap((platform) => {
    const vips = platform.vips?.(config);
    if (vips === undefined) return [];
    const path = `platform.${platform.name}`;
    const api = vips.apiVIPs ?? [];
    const ingress = vips.ingressVIPs ?? [];
    if (api.length === 0 && ingress.length === 0) return [];
    const userManaged = vips.loadBalancer?.type === "UserManaged";
    const issues = [...listRules(config, `${path}.apiVIPs`, api, userManaged), ...listRules(config, `${path}.ingressVIPs`, ingress, userManaged)];
    if (api.length === 0) issues.push(required(`${path}.apiVIPs`, "must be given when ingressVIPs are"));
    if (ingress.length === 0) issues.push(required(`${path}.ingressVIPs`, "must be given when apiVIPs are"));
    const others = ingress.flatMap((text) => parseAddress(text) ?? []);
    for (const text of api) {
      const address = parseAddress(text);
      if (!userManaged && address !== undefined && others.some((other) => sameAddress(other, address))) issues.push(invalid(`${path}.apiVIPs`, text, "must not be one of the ingress VIPs"));
    }
    return issues;
  });
}

function listRules(config: InstallConfig, path: string, vips: readonly string[], userManaged: boolean): IssueDraft[] {
  const networks = config.networking.machineNetwork.flatMap(({ cidr }) => parseCidr(cidr ?? "") ?? []);
  const issues: IssueDraft[] = [];
  if (vips.length > MOST) issues.push(tooMany(path, vips.length, MOST));
  for (const text of vips) {
    const address = parseAddress(text);
    if (address === undefined) issues.push(invalid(path, text, `${JSON.stringify(text)} is not a valid IP`));
    else if (!userManaged) issues.push(...placeRules(path, text, address, networks));
  }
  return [...issues, ...familyRules(config, path, vips)];
}

/** Stricter than OpenShift on vSphere: a VIP elsewhere is reached by nobody. */
function placeRules(path: string, text: string, address: Address, networks: readonly Cidr[]): readonly IssueDraft[] {
  if (networks.length === 0) return [];
  const network = networks.find((one) => contains(one, address));
  if (network === undefined) return [invalid(path, text, `must lie in one of the machine networks: ${networks.map((one) => one.text).join(", ")}`)];
  const edge = network.family === "IPv4" && network.prefix < 31 && (address.value === network.first || address.value === network.last);
  return edge ? [invalid(path, text, "is the network's own or its broadcast address")] : [];
}

function familyRules(config: InstallConfig, path: string, vips: readonly string[]): readonly IssueDraft[] {
  const families = vips.flatMap((text) => parseAddress(text)?.family ?? []);
  if (families.length !== vips.length) return [];
  if (families.length === 2 && families[0] === families[1]) return [invalid(path, vips, "if two VIPs are given, one must be IPv4 and the other IPv6")];
  const networks = config.networking.machineNetwork.flatMap(({ cidr }) => parseCidr(cidr ?? "")?.family ?? []);
  const dualStack = networks.includes("IPv4") && networks.includes("IPv6");
  return families.length === 1 && dualStack && families[0] !== networks[0] ? [invalid(path, vips[0], `in a dual-stack cluster a single VIP must be of the family of the first machine network, ${networks[0]}`)] : [];
}

import type { InstallConfig } from "../install-config.ts";
import { invalid, type IssueDraft, required, showValue, stricter, tooMany } from "../issue.ts";
import { contains, parseAddress, parseCidr, sameAddress } from "../network/address.ts";
import { isUserManaged, type VipConfig } from "../platforms/platform-config.ts";
import { contractOf } from "../openshift/contract.ts";
import { releaseOf } from "../openshift/release.ts";
import { platformsOf } from "../platforms/registry.ts";
import { machineNetworks, placeProblem } from "../network/machine-networks.ts";

const MOST = 2;

/** platform.<p>.apiVIPs and ingressVIPs, on every platform that has them. */
export function vipRules(config: InstallConfig): readonly IssueDraft[] {
  return platformsOf(config).flatMap((platform) => {
    const vips = platform.vips?.(config);
    if (vips === undefined) return [];
    const path = `platform.${platform.name}`;
    const api = vips.apiVIPs ?? [];
    const ingress = vips.ingressVIPs ?? [];
    const untyped = typeRules(config, vips, `${path}.loadBalancer.type`);
    if (api.length === 0 && ingress.length === 0) return untyped;
    const userManaged = isUserManaged(vips);
    const places = { userManaged, isStricter: platform.checksVipPlaces !== true };
    const issues = [...untyped, ...listRules(config, `${path}.apiVIPs`, api, places), ...listRules(config, `${path}.ingressVIPs`, ingress, places)];
    if (api.length === 0) issues.push(required(`${path}.apiVIPs`, "must be given when ingressVIPs are"));
    if (ingress.length === 0) issues.push(required(`${path}.ingressVIPs`, "must be given when apiVIPs are"));
    if (userManaged || api.length > MOST || ingress.length > MOST) return issues;
    const others = ingress.flatMap((text) => parseAddress(text) ?? []);
    for (const text of api) {
      const address = parseAddress(text);
      if (address !== undefined && others.some((other) => sameAddress(other, address)))
        issues.push(invalid(`${path}.apiVIPs`, text, "must not be one of the ingress VIPs"));
    }
    return issues;
  });
}

/** OpenShift has a default for a load balancer that is not given, but none for its type. */
const typeRules = ({ distribution }: InstallConfig, { loadBalancer }: VipConfig, path: string): readonly IssueDraft[] =>
  distribution !== "kubernetes" && loadBalancer !== undefined && loadBalancer.type === undefined
    ? [required(path, "OpenShift has no default for it: give it, or leave loadBalancer out")]
    : [];

interface PlaceOptions {
  /** The user's load balancer may be anywhere. */
  readonly userManaged: boolean;
  /** OpenShift does not mind on the platform if they are outside of the machine networks. */
  readonly isStricter: boolean;
}

function listRules(config: InstallConfig, path: string, vips: readonly string[], { userManaged, isStricter }: PlaceOptions): IssueDraft[] {
  const networks = machineNetworks(config);
  const isNowhere = config.networking.machineNetwork.every(({ cidr }) => cidr === undefined);
  if (vips.length > MOST) return [tooMany(path, vips.length, MOST)];
  const issues: IssueDraft[] = [];
  for (const text of vips) {
    const address = parseAddress(text);
    if (address === undefined) {
      issues.push(invalid(path, text, `${showValue(text)} is not a valid IP`));
      continue;
    }
    const problem = userManaged ? undefined : isNowhere ? "must be in a machine network, and none has a CIDR" : placeProblem(address, networks);
    if (problem === undefined) continue;
    const isOutside = !networks.some((network) => contains(network, address));
    issues.push(isOutside && !isStricter ? invalid(path, text, problem) : stricter(invalid(path, text, problem)));
  }
  return [...issues, ...familyRules(config, path, vips)];
}

/** OpenShift's installer asks the same of every list, with one VIP and with two; its oldest version only of the machine networks, and with one. */
function familyRules(config: InstallConfig, path: string, vips: readonly string[]): readonly IssueDraft[] {
  const families = vips.flatMap((text) => parseAddress(text)?.family ?? []);
  if (families.length !== vips.length) return [];
  if (families.length === 2 && families[0] === families[1])
    return [invalid(path, vips, "if two VIPs are given, one must be IPv4 and the other IPv6")];
  const { machineNetwork, clusterNetwork, serviceNetwork } = config.networking;
  const lists = { machine: machineNetwork.map(({ cidr }) => cidr), cluster: clusterNetwork.map(({ cidr }) => cidr), service: serviceNetwork };
  const services = new Set(serviceNetwork.flatMap((cidr) => parseCidr(cidr)?.family ?? []));
  if (families[0] === undefined || services.size !== 2) return [];
  const { vipsByAllNetworks } = contractOf(releaseOf(config).version);
  for (const [name, [first]] of Object.entries(lists)) {
    const family = parseCidr(first ?? "")?.family;
    if (family === undefined || family === families[0]) continue;
    const issue = invalid(path, vips[0], `in a dual-stack cluster the first VIP must be of the family of the first ${name} network, ${family}`);
    return [vipsByAllNetworks || (name === "machine" && vips.length === 1) ? issue : stricter(issue)];
  }
  return [];
}

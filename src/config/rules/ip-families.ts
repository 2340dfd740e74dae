import type { InstallConfig } from "../install-config.ts";
import { invalid, type IssueDraft } from "../issue.ts";
import type { Family } from "../network/address.ts";
import { contractOf } from "../openshift/contract.ts";
import { releaseOf } from "../openshift/release.ts";
import { platformsOf } from "../platforms/registry.ts";
import type { Cidrs, NamedCidr } from "./cidrs.ts";

const families = (list: readonly NamedCidr[]): readonly Family[] => list.map(({ cidr }) => cidr.family);

/** The Service networks decide what a cluster is: of one family, or dual-stack, and then both are in each list. */
export function familyRules(config: InstallConfig, cidrs: Cidrs): readonly IssueDraft[] {
  const lists = { machineNetwork: families(cidrs.machine), serviceNetwork: families(cidrs.service), clusterNetwork: families(cidrs.cluster) };
  if (config.distribution === "kubernetes") return kubernetesRules(config, lists);
  const services = config.networking.serviceNetwork;
  if (isDualStack(cidrs.service)) return dualStackRules(config, lists);
  if (lists.serviceNetwork.includes("IPv4") && services.length > 1)
    return [invalid("networking.serviceNetwork", services, "only one service network can be given unless it is one IPv4 and one IPv6")];
  return [];
}

export const isDualStack = (services: readonly NamedCidr[]): boolean => families(services).includes("IPv4") && families(services).includes("IPv6");

function kubernetesRules(config: InstallConfig, lists: Readonly<Record<string, readonly Family[]>>): readonly IssueDraft[] {
  const services = config.networking.serviceNetwork;
  const issues = Object.entries(lists).flatMap(([key, list]) =>
    list.includes("IPv6") ? [invalid(`networking.${key}`, list, "IPv6 is not yet supported with distribution kubernetes")] : [],
  );
  return issues.length === 0 && services.length > 1
    ? [invalid("networking.serviceNetwork", services, "only one service network can be given")]
    : issues;
}

/** Machines that carry VIPs themselves could always do it. */
const mayBeginWithIPv6 = (config: InstallConfig): boolean =>
  contractOf(releaseOf(config).version).ipv6FirstElsewhere || platformsOf(config).every(({ onPremises }) => onPremises);

function dualStackRules(config: InstallConfig, lists: Readonly<Record<string, readonly Family[]>>): readonly IssueDraft[] {
  const issues: IssueDraft[] = [];
  const services = config.networking.serviceNetwork;
  if (services.length !== 2)
    issues.push(invalid("networking.serviceNetwork", services, "a dual-stack cluster needs exactly two service networks, one of each family"));
  for (const [key, list] of Object.entries(lists)) {
    const path = `networking.${key}`;
    const missing = (["IPv4", "IPv6"] as const).find((family) => !list.includes(family));
    // An entry without a CIDR, which is refused or warned of by itself, is of the newer family to OpenShift's installer.
    const isUnknown = missing === "IPv6" && hasEntryWithout(config, key);
    if (missing === undefined && list[0] === "IPv6" && !mayBeginWithIPv6(config))
      issues.push(invalid(path, list, `must begin with an IPv4 network in version ${releaseOf(config).version}`));
    if (missing !== undefined && !isUnknown) issues.push(invalid(path, list, `a dual-stack cluster needs an ${missing} network in this list`));
  }
  return issues;
}

const hasEntryWithout = ({ networking }: InstallConfig, key: string): boolean =>
  (key === "machineNetwork" || key === "clusterNetwork") && networking[key].some(({ cidr }) => cidr === undefined);

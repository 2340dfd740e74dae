import type { InstallConfig } from "../install-config.ts";
import { invalid, type IssueDraft, required, stricter, tooMany, unsupported } from "../issue.ts";
import { networkOf, overlap, parseCidr } from "../network/address.ts";
import type { Cidrs, NamedCidr } from "./cidrs.ts";
import { clusterNetworkRules } from "./cluster-network.ts";
import { familyRules } from "./ip-families.ts";
import { MOST_NETWORKS } from "../network/machine-networks.ts";
import { platformsOf } from "../platforms/registry.ts";
import { ovnRules } from "./ovn-subnets.ts";

const SHORTEST_SERVICE_PREFIX = { IPv4: 12, IPv6: 108 } as const;
const GONE = ["kuryr", "openshiftsdn"];

export function networkingRules(config: InstallConfig): readonly IssueDraft[] {
  const long = (["machineNetwork", "serviceNetwork", "clusterNetwork"] as const).filter((key) => config.networking[key].length > MOST_NETWORKS);
  if (long.length > 0) return long.map((key) => tooMany(`networking.${key}`, config.networking[key].length, MOST_NETWORKS));
  const issues: IssueDraft[] = [];
  const parse = (path: string, text: string | undefined): NamedCidr[] => {
    if (text === undefined || text === "") {
      const issue = required(path, "give a CIDR, such as 10.0.0.0/16");
      // An entry without the key is no network to OpenShift's installer; an empty text it cannot read. Addresses that are chosen here need one.
      issues.push(text === undefined && platformsOf(config).every(({ machineNetwork }) => machineNetwork === undefined) ? stricter(issue) : issue);
      return [];
    }
    const cidr = parseCidr(text);
    if (cidr === undefined) issues.push(invalid(path, text, "is not a CIDR, such as 10.0.0.0/16"));
    return cidr === undefined ? [] : [{ path, cidr }];
  };
  const { machineNetwork, serviceNetwork, clusterNetwork } = config.networking;
  const cidrs: Cidrs = {
    machine: machineNetwork.flatMap(({ cidr }, index) => parse(`networking.machineNetwork[${index}]`, cidr)),
    service: serviceNetwork.flatMap((cidr, index) => parse(`networking.serviceNetwork[${index}]`, cidr)),
    cluster: clusterNetwork.flatMap(({ cidr, hostPrefix }, index) =>
      parse(`networking.clusterNetwork[${index}].cidr`, cidr).map((one) => ({ ...one, hostPrefix: hostPrefix ?? 0, index })),
    ),
  };
  const wrong = subnetRules(cidrs);
  // What is wrong by itself is not compared with others, but others are compared with it.
  const isRight = ({ path }: IssueDraft): boolean =>
    !wrong.some((issue) => issue.path === path || issue.path.replace(/cidr$/, "hostPrefix") === path);
  const compared = [...overlapRules(cidrs), ...clusterNetworkRules(config, cidrs), ...ovnRules(config, cidrs)].filter(isRight);
  issues.push(...typeRules(config), ...wrong, ...compared, ...familyRules(config, cidrs));
  const { clusterNetworkMTU = 0 } = config.networking;
  if (clusterNetworkMTU !== 0) issues.push(invalid("networking.clusterNetworkMTU", clusterNetworkMTU, "can be set on AWS only"));
  return issues;
}

function typeRules({ distribution, networking }: InstallConfig): readonly IssueDraft[] {
  const { networkType } = networking;
  if (distribution === "kubernetes") return networkType === "Bridge" ? [] : [unsupported("networking.networkType", networkType, ["Bridge"])];
  return GONE.includes(networkType.toLowerCase())
    ? [invalid("networking.networkType", networkType, "is no longer supported; use OVNKubernetes")]
    : [];
}

/** Each CIDR by itself. */
function subnetRules({ machine, service, cluster }: Cidrs): readonly IssueDraft[] {
  const issues: IssueDraft[] = [];
  for (const { path, cidr } of [...machine, ...service, ...cluster]) {
    if (cidr.ip !== cidr.first) issues.push(invalid(path, cidr.text, `invalid network address: got ${cidr.text}, expecting ${networkOf(cidr)}`));
    else if (cidr.ip === 0n) issues.push(invalid(path, cidr.text, "must not be the unspecified address"));
  }
  for (const { path, cidr } of service) {
    if (cidr.ip !== cidr.first) continue;
    const least = SHORTEST_SERVICE_PREFIX[cidr.family];
    if (cidr.prefix < least)
      issues.push(
        invalid(
          path,
          cidr.text,
          `is too large for a service network: the prefix must be at least ${least}${cidr.family === "IPv6" ? "; 112 is recommended" : ""}`,
        ),
      );
  }
  return issues;
}

function overlapRules({ machine, service, cluster }: Cidrs): readonly IssueDraft[] {
  const issues: IssueDraft[] = [];
  const earlier = (what: string, list: readonly NamedCidr[]): void => {
    for (const [index, { path, cidr }] of list.entries())
      for (const [other, { cidr: before }] of list.slice(0, index).entries())
        if (overlap(cidr, before)) issues.push(invalid(path, cidr.text, `${what} network must not overlap with ${what} network ${other}`));
  };
  earlier("machine", machine);
  earlier("service", service);
  earlier("cluster", cluster);
  for (const { path, cidr } of service)
    if (machine.some((other) => overlap(cidr, other.cidr)))
      issues.push(invalid(path, cidr.text, "service network must not overlap with any of the machine networks"));
  for (const { path, cidr } of cluster) {
    if (machine.some((other) => overlap(cidr, other.cidr)))
      issues.push(invalid(path, cidr.text, "cluster network must not overlap with any of the machine networks"));
    for (const [index, other] of service.entries())
      if (overlap(cidr, other.cidr)) issues.push(invalid(path, cidr.text, `cluster network must not overlap with service network ${index}`));
  }
  return issues;
}

const DOCKER_BRIDGE = parseCidr("172.17.0.0/16");

/** Warnings: a host with Docker may not reach such a cluster. */
export function networkingWarnings(config: InstallConfig): readonly IssueDraft[] {
  const all = [
    ...config.networking.machineNetwork.map(({ cidr }, index) => ({ path: `networking.machineNetwork[${index}]`, text: cidr })),
    ...config.networking.serviceNetwork.map((text, index) => ({ path: `networking.serviceNetwork[${index}]`, text })),
    ...config.networking.clusterNetwork.map(({ cidr }, index) => ({ path: `networking.clusterNetwork[${index}].cidr`, text: cidr })),
  ];
  return all.flatMap(({ path, text }) => {
    const cidr = parseCidr(text ?? "");
    return cidr !== undefined && DOCKER_BRIDGE !== undefined && overlap(cidr, DOCKER_BRIDGE)
      ? [invalid(path, text, `overlaps with Docker's default bridge ${DOCKER_BRIDGE.text}`)]
      : [];
  });
}

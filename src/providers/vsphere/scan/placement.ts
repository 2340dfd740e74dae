import type { OwnedObject } from "../../platform.ts";
import { isNotFound, type Govc } from "../govc.ts";
import { literal } from "../inventory.ts";
import { antiAffinityName, vmGroupName } from "../names.ts";
import type { VCenterScan } from "./vcenter-scan.ts";

/** DRS rules and VM groups, which carry no tag, by their exact names in the clusters of the failure domains. */
export async function ownedPlacement({ govc, server, infraID, metadata }: VCenterScan): Promise<readonly OwnedObject[]> {
  const domains = metadata.failureDomains.filter(({ vCenter }) => vCenter === server);
  const rules: OwnedObject[] = [];
  const groups: OwnedObject[] = [];
  for (const cluster of new Set(domains.map(({ computeCluster }) => computeCluster))) {
    const ours = placementNames({ infraID, server, metadata }, cluster);
    const isOurs = (name: string): boolean => ours.has(name);
    const object = (kind: string, name: string): OwnedObject => ({ kind, name, id: `${server}/${cluster}#${name}`, madeBy: "virt-ipi" });
    rules.push(...(await listed(govc, "cluster.rule.ls", cluster)).filter(isOurs).map((name) => object("cluster-rule", name)));
    groups.push(...(await listed(govc, "cluster.group.ls", cluster)).filter(isOurs).map((name) => object("vm-group", name)));
  }
  return [...rules, ...groups];
}

/** The names that rules and groups of the cluster have in one compute cluster. */
export function placementNames(
  { infraID, server, metadata }: Pick<VCenterScan, "infraID" | "server" | "metadata">,
  cluster: string,
): ReadonlySet<string> {
  const domains = metadata.failureDomains.filter(({ vCenter, computeCluster }) => vCenter === server && computeCluster === cluster);
  return domains.length === 0 ? new Set() : new Set([antiAffinityName(infraID, cluster), ...domains.map(({ name }) => vmGroupName(infraID, name))]);
}

async function listed(govc: Govc, command: string, cluster: string): Promise<readonly string[]> {
  try {
    return (await govc.json<readonly string[]>([command, "-cluster", literal(cluster)])) ?? [];
  } catch (error) {
    if (isNotFound(error)) return [];
    throw error;
  }
}

import type { OwnedObject } from "../../platform.ts";
import { isNotFound, type Govc } from "../govc.ts";
import { literal, locate } from "../inventory.ts";
import { antiAffinityName, lastOf, spellings, vmGroupName } from "../names.ts";
import type { VCenterScan } from "./vcenter-scan.ts";

/**
 * DRS rules and VM groups, which carry no tag, by their exact names in the clusters of the failure domains: in all of the same name, wherever they
 * lie, since a cluster may have been moved, or been given by its name only.
 */
export async function ownedPlacement({ govc, server, infraID, metadata }: VCenterScan): Promise<readonly OwnedObject[]> {
  const domains = metadata.failureDomains.filter(({ vCenter }) => vCenter === server);
  const rules: OwnedObject[] = [];
  const groups: OwnedObject[] = [];
  for (const cluster of new Set(domains.flatMap(({ computeCluster }) => spellings(lastOf(computeCluster)))))
    for (const { path } of await locate(govc, "/", ["ClusterComputeResource"], cluster)) {
      const ours = placementNames({ infraID, server, metadata }, path);
      const isOurs = (name: string): boolean => ours.has(name);
      const object = (kind: string, name: string): OwnedObject => ({ kind, name, id: `${server}/${path}#${name}`, madeBy: "virt-ipi" });
      rules.push(...(await listed(govc, "cluster.rule.ls", path)).filter(isOurs).map((name) => object("cluster-rule", name)));
      groups.push(...(await listed(govc, "cluster.group.ls", path)).filter(isOurs).map((name) => object("vm-group", name)));
    }
  return [...rules, ...groups];
}

/** The names that rules and groups of the cluster have in one compute cluster, by its path or that of one of the same name. */
export function placementNames(
  { infraID, server, metadata }: Pick<VCenterScan, "infraID" | "server" | "metadata">,
  cluster: string,
): ReadonlySet<string> {
  const isIn = (given: string): boolean => spellings(lastOf(given)).includes(lastOf(cluster));
  const domains = metadata.failureDomains.filter(({ vCenter, computeCluster }) => vCenter === server && isIn(computeCluster));
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

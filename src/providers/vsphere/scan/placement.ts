import type { OwnedObject } from "../../platform.ts";
import { isNotFound, type Govc } from "../govc.ts";
import { antiAffinityName, vmGroupName } from "../names.ts";
import type { VCenterScan } from "./vcenter-scan.ts";

/** DRS rules and VM groups, which carry no tag, by their exact names in the clusters of the failure domains. */
export async function ownedPlacement({ govc, server, infraID, metadata }: VCenterScan): Promise<readonly OwnedObject[]> {
  const domains = metadata.failureDomains.filter(({ vCenter }) => vCenter === server);
  const rules: OwnedObject[] = [];
  const groups: OwnedObject[] = [];
  for (const cluster of new Set(domains.map(({ computeCluster }) => computeCluster))) {
    const zones = new Set(domains.filter(({ computeCluster }) => computeCluster === cluster).map(({ name }) => vmGroupName(infraID, name)));
    const isOurs = (name: string): boolean => name === antiAffinityName(infraID, cluster) || zones.has(name);
    const object = (kind: string, name: string): OwnedObject => ({ kind, name, id: `${server}/${cluster}#${name}`, madeBy: "virt-ipi" });
    rules.push(...(await listed(govc, "cluster.rule.ls", cluster)).filter(isOurs).map((name) => object("cluster-rule", name)));
    groups.push(...(await listed(govc, "cluster.group.ls", cluster)).filter(isOurs).map((name) => object("vm-group", name)));
  }
  return [...rules, ...groups];
}

async function listed(govc: Govc, command: string, cluster: string): Promise<readonly string[]> {
  try {
    return (await govc.json<readonly string[]>([command, "-cluster", cluster])) ?? [];
  } catch (error) {
    if (isNotFound(error)) return [];
    throw error;
  }
}

import type * as pulumi from "@pulumi/pulumi";
import type { MachinePlan } from "../../config/index.ts";
import { vmFolder } from "../../config/platforms/vsphere/index.ts";
import type { DomainProgram } from "./domain-program.ts";
import { antiAffinityName, vmGroupName } from "./names.ts";
import { PoweredOn } from "./own-sdk.ts";
import { ComputeClusterVmAntiAffinityRule, ComputeClusterVmGroup, ComputeClusterVmHostRule, type VirtualMachine } from "./sdk/index.ts";
import type { VCenterProgram } from "./vcenter-program.ts";

export interface Placed {
  readonly plan: MachinePlan;
  readonly domain: DomainProgram;
  readonly vcenter: VCenterProgram;
  readonly resource: VirtualMachine;
}

/**
 * Where machines may run: in a zone that is a host group on its hosts, else control-plane machines of one compute cluster on different
 * hosts (a wish: a cluster with too few hosts still runs them). The bootstrap machine is in none of it, so that its removal changes nothing.
 */
export function placeMachines(placed: readonly Placed[], infraID: string): void {
  const lasting = placed.filter(({ plan }) => plan.role !== "bootstrap");
  const zones = groupBy(
    lasting.filter(({ domain }) => domain.domain.topology.hostGroup !== undefined),
    ({ domain }) => domain.domain.name,
  );
  for (const [name, members] of zones) tieToHosts(name, members, infraID);
  const free = lasting.filter(({ plan, domain }) => plan.role === "control-plane" && domain.domain.topology.hostGroup === undefined);
  const clusters = groupBy(free, ({ domain }) => `${domain.domain.server}${domain.domain.topology.computeCluster}`);
  for (const [cluster, members] of clusters) {
    const [first] = members;
    if (first === undefined || members.length < 2) continue;
    new ComputeClusterVmAntiAffinityRule(
      cluster,
      { name: antiAffinityName(infraID, cluster), computeClusterId: first.domain.computeClusterId, virtualMachineIds: ids(members) },
      { provider: first.vcenter.official },
    );
  }
}

function tieToHosts(zone: string, members: readonly Placed[], infraID: string): void {
  const [first] = members;
  const hostGroup = first?.domain.domain.topology.hostGroup;
  if (first === undefined || hostGroup === undefined) return;
  const options = { provider: first.vcenter.official };
  const place = { name: vmGroupName(infraID, zone), computeClusterId: first.domain.computeClusterId };
  const group = new ComputeClusterVmGroup(zone, { ...place, virtualMachineIds: ids(members) }, options);
  new ComputeClusterVmHostRule(zone, { ...place, vmGroupName: group.name, affinityHostGroupName: hostGroup, mandatory: true }, options);
}

/** One look a folder and role: control-plane machines are kept running while compute machines still wait for them. */
export function keepRunning(placed: readonly Placed[], infraID: string): void {
  const folderOf = ({ domain }: Placed): string => vmFolder(domain.domain.topology, infraID);
  for (const [key, members] of groupBy(placed, (each) => `${each.domain.domain.server}${folderOf(each)}/${each.plan.role}`)) {
    const [first] = members;
    if (first === undefined) continue;
    new PoweredOn(
      key,
      { folder: folderOf(first), machines: members.map(({ plan }) => plan.name) },
      { provider: first.vcenter.own, dependsOn: members.map(({ resource }) => resource) },
    );
  }
}

const ids = (members: readonly Placed[]): pulumi.Output<string>[] => members.map(({ resource }) => resource.id);

function groupBy<T>(items: readonly T[], key: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  return new Map(Object.entries(Object.groupBy(items, key)).map(([name, group]) => [name, group ?? []]));
}

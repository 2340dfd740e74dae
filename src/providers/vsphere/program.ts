import * as pulumi from "@pulumi/pulumi";
import { type ClusterSpec, type MachinePlan } from "../../config/index.ts";
import { InstallerError } from "../../errors/index.ts";
import type { PlatformProgramInput, PlatformProgramOutput } from "../platform.ts";
import { connectTo } from "./connect.ts";
import { DomainProgram } from "./domain-program.ts";
import { requireTopologies } from "./find-topology.ts";
import { machineApiPart } from "./machine-api/part.ts";
import { keepRunning, placeMachines, type Placed } from "./placement-program.ts";
import { VCenterProgram } from "./vcenter-program.ts";
import { usedDomains } from "./used-domains.ts";
import { requireMachinesOfOurs, vcenterOf, vsphereSpecOf } from "./vsphere-spec.ts";

/**
 * Tag, folders, templates, machines and their placement, in every vCenter and failure domain that machines are planned for. Nothing is declared
 * before all that the install-config names is found.
 * @throws InstallerError VSPHERE_INVENTORY, VCENTER_…
 */
export async function program(input: PlatformProgramInput): Promise<PlatformProgramOutput> {
  const { spec, identity, machines, image } = input;
  const { infraID } = identity;
  const platform = vsphereSpecOf(spec);
  requireMachinesOfOurs(platform);
  const vcenters = new Map<string, VCenterProgram>();
  const domains = new Map<string, { readonly domain: DomainProgram; readonly vcenter: VCenterProgram }>();
  const used = usedDomains(spec, input.planned);
  const places = await requireTopologies(platform, used, (server) => connectTo(vcenterOf(platform, server), spec, input));
  for (const [name, { domain, ids }] of places) {
    const vcenter = vcenters.get(domain.server) ?? new VCenterProgram(vcenterOf(platform, domain.server), infraID);
    vcenters.set(domain.server, vcenter);
    const clones = { nested: wantsVirtualization(spec), clonedByCluster: spec.machineManagement === "MachineSets" };
    domains.set(name, { vcenter, domain: new DomainProgram({ domain, ids, platform, vcenter, infraID, image, ...clones }) });
  }
  const make =
    (dependsOn: readonly pulumi.Resource[]) =>
    (plan: MachinePlan): Placed => {
      const place = domains.get(plan.vsphere?.failureDomain ?? "");
      if (place === undefined) throw new InstallerError("INTERNAL", `no failure domain is planned for ${plan.name}`, { value: plan.name });
      return { plan, ...place, resource: place.domain.machine(plan, input.ignition(plan), dependsOn) };
    };
  const first = machines.filter(({ role }) => role !== "compute").map(make([]));
  const gates = (input.computeDependsOn?.(first.map(asOutput)) ?? []).filter((each) => pulumi.Resource.isInstance(each));
  const placed = [...first, ...machines.filter(({ role }) => role === "compute").map(make(gates))];
  placeMachines(placed, infraID);
  keepRunning(placed, infraID);
  return { machines: placed.map(asOutput), machineApi: machineApiPart({ spec, identity }, (zone) => domains.get(zone)?.domain) };
}

/** The key comes with the virtualization operators; machines that shall run virtual machines need the processor's own support for it. */
const wantsVirtualization = (spec: ClusterSpec): boolean => "virtualization" in spec && spec.virtualization !== undefined;

/** Without a static address the one that VMware's tools report, once they do. */
const asOutput = ({ plan, resource }: Placed): PlatformProgramOutput["machines"][number] => ({
  name: plan.name,
  role: plan.role,
  resource,
  address: plan.ipAddress ?? resource.defaultIpAddress,
  id: resource.id,
});

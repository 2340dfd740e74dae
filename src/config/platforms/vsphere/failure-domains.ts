import type { VsphereConfig } from "../../install-config.ts";
import { duplicate, invalid, type IssueDraft, required } from "../../issue.ts";
import { datacenterName } from "./inventory-path.ts";
import { topologyRules } from "./topology.ts";

const PATH = "platform.vsphere.failureDomains";
// A template is called `<infraID>-rhcos-<name>`: an infraID has up to 27 characters, a name in vSphere up to 80.
const LONGEST_NAME = 46;

type FailureDomain = NonNullable<VsphereConfig["failureDomains"]>[number];

export function failureDomainRules(vsphere: VsphereConfig): readonly IssueDraft[] {
  const { failureDomains = [] } = vsphere;
  if (failureDomains.length === 0) return [required(PATH, "give at least one failure domain")];
  return failureDomains.flatMap((domain, index) => {
    const path = `${PATH}[${index}]`;
    const earlier = failureDomains.slice(0, index);
    return [
      ...nameRules(domain, path, earlier),
      ...tagRules(domain, path, earlier),
      ...typeRules(domain, path),
      ...serverRules(vsphere, domain, path),
      ...topologyRules(vsphere, domain, `${path}.topology`),
    ];
  });
}

function nameRules({ name = "" }: FailureDomain, path: string, earlier: readonly FailureDomain[]): readonly IssueDraft[] {
  const at = `${path}.name`;
  if (name === "") return [required(at, "give the failure domain a name")];
  if (name.length > LONGEST_NAME) return [invalid(at, name, `must have at most ${LONGEST_NAME} characters: the template is named after it`)];
  // vSphere itself escapes these three in the names of objects.
  if (/[/\\%]/.test(name)) return [invalid(at, name, "must not contain /, \\ or %")];
  return earlier.some((other) => other.name === name) ? [duplicate(at, name)] : [];
}

/** Machines of one zone cannot be told apart by their tags, so two failure domains must differ in one of them. */
function tagRules({ name, region = "", zone = "" }: FailureDomain, path: string, earlier: readonly FailureDomain[]): readonly IssueDraft[] {
  const issues: IssueDraft[] = [];
  const whose = named(name);
  if (region === "") issues.push(required(`${path}.region`, `give the value of the region tag${whose}`));
  if (zone === "") issues.push(required(`${path}.zone`, `give the value of the zone tag${whose}`));
  const same = issues.length === 0 ? earlier.find((other) => other.region === region && other.zone === zone) : undefined;
  if (same !== undefined)
    issues.push({ ...duplicate(`${path}.zone`, zone), message: `is given more than once in region ${region}: also by ${same.name ?? ""}` });
  return issues;
}

function typeRules({ name, regionType, zoneType, topology }: FailureDomain, path: string): readonly IssueDraft[] {
  const whose = named(name);
  const issues: IssueDraft[] = [];
  if (regionType === undefined && zoneType !== undefined) issues.push(required(`${path}.regionType`, `must be given when zoneType is${whose}`));
  if (regionType !== undefined && zoneType === undefined) issues.push(required(`${path}.zoneType`, `must be given when regionType is${whose}`));
  // OpenShift's installer calls these two missing.
  if (regionType === "HostGroup") return [...issues, required(`${path}.regionType`, `must not be HostGroup: only a zone can be one${whose}`)];
  if (regionType === "ComputeCluster" && zoneType !== undefined && zoneType !== "HostGroup")
    issues.push(required(`${path}.zoneType`, `must be HostGroup when regionType is ComputeCluster${whose}`));
  if (zoneType === "HostGroup" && (topology?.hostGroup ?? "") === "")
    issues.push(required(`${path}.topology.hostGroup`, `name the host group when zoneType is HostGroup${whose}`));
  return issues;
}

function serverRules({ vcenters = [] }: VsphereConfig, { name, server = "", topology }: FailureDomain, path: string): readonly IssueDraft[] {
  if (server === "") return [required(`${path}.server`, `name the vCenter${named(name)}`)];
  if (vcenters.length === 0) return [];
  const vcenter = vcenters.find((one) => one.server === server);
  if (vcenter === undefined) return [invalid(`${path}.server`, server, `does not exist in vcenters${named(name)}`)];
  const { datacenters = [] } = vcenter;
  const datacenter = topology?.datacenter ?? "";
  if (datacenter === "" || datacenters.length === 0 || datacenters.some((one) => datacenterName(one) === datacenterName(datacenter))) return [];
  return [invalid(`${path}.topology.datacenter`, datacenter, `is not among the datacenters of vCenter ${server}${named(name)}`)];
}

/** Errors carry OpenShift's path, without a number in the list: the name tells which one is meant. */
const named = (name: string | undefined): string => (name === undefined || name === "" ? "" : ` (failure domain ${name})`);

import type { VsphereConfig } from "./spec.ts";
import { duplicate, invalid, type IssueDraft, required, stricter } from "../../issue.ts";
import { earlierTwins } from "../../earlier-twin.ts";
import { datacenterName } from "./inventory-path.ts";
import { ALL_RULES, type PlacementRules } from "./placement-rules.ts";
import { topologyRules } from "./topology.ts";

const PATH = "platform.vsphere.failureDomains";
// A template is called `<infraID>-rhcos-<name>`: an infraID has up to 27 characters, a name in vSphere up to 80.
const LONGEST_NAME = 46;

type FailureDomain = NonNullable<VsphereConfig["failureDomains"]>[number];

export function failureDomainRules(vsphere: VsphereConfig, rules = ALL_RULES): readonly IssueDraft[] {
  const { failureDomains = [] } = vsphere;
  if (failureDomains.length === 0) return [required(PATH, "give at least one failure domain")];
  const sameName = earlierTwins(failureDomains, ({ name = "" }) => name);
  const sameTags = earlierTwins(failureDomains, ({ region = "", zone = "" }) => JSON.stringify([region, zone]));
  const datacenters = datacentersOf(vsphere, rules);
  return failureDomains.flatMap((domain, index) => {
    const path = `${PATH}[${index}]`;
    return [
      ...nameRules(domain, path, sameName[index]),
      ...tagRules(domain, path, rules.zonesOnce ? sameTags[index] : undefined),
      ...typeRules(domain, path),
      ...serverRules(datacenters, domain, path, rules),
      ...topologyRules(vsphere, domain, `${path}.topology`, rules),
    ];
  });
}

/** By server; of two vCenters of one name the first, as in the error about the second. */
function datacentersOf({ vcenters = [] }: VsphereConfig, rules: PlacementRules): ReadonlyMap<string, ReadonlySet<string>> {
  const known = new Map<string, ReadonlySet<string>>();
  for (const { server = "", datacenters = [] } of vcenters)
    if (!known.has(server)) known.set(server, new Set(datacenters.map((name) => comparable(name, rules))));
  return known;
}

const comparable = (datacenter: string, { datacentersByText }: PlacementRules): string =>
  datacentersByText ? datacenter : datacenterName(datacenter);

function nameRules({ name = "" }: FailureDomain, path: string, twin: FailureDomain | undefined): readonly IssueDraft[] {
  const at = `${path}.name`;
  if (name === "") return [required(at, "give the failure domain a name")];
  if (name.length > LONGEST_NAME)
    return [stricter(invalid(at, name, `must have at most ${LONGEST_NAME} characters: the template is named after it`))];
  // vSphere itself escapes these three in the names of objects.
  if (/[/\\%]/.test(name)) return [stricter(invalid(at, name, "must not contain /, \\ or %"))];
  return twin === undefined ? [] : [duplicate(at, name)];
}

/** Machines of one zone cannot be distinguished by their tags, so two failure domains must differ in one of them. */
function tagRules({ name, region = "", zone = "" }: FailureDomain, path: string, twin: FailureDomain | undefined): readonly IssueDraft[] {
  const issues: IssueDraft[] = [];
  const whose = named(name);
  if (region === "") issues.push(required(`${path}.region`, `give the value of the region tag${whose}`));
  if (zone === "") issues.push(required(`${path}.zone`, `give the value of the zone tag${whose}`));
  if (issues.length === 0 && twin !== undefined)
    issues.push({ ...duplicate(`${path}.zone`, zone), message: `is given more than once in region ${region}: also by ${twin.name ?? ""}` });
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

function serverRules(
  known: ReadonlyMap<string, ReadonlySet<string>>,
  { name, server = "", topology }: FailureDomain,
  path: string,
  rules: PlacementRules,
): readonly IssueDraft[] {
  if (server === "") return [required(`${path}.server`, `name the vCenter${named(name)}`)];
  if (known.size === 0) return [];
  const datacenters = known.get(server);
  if (datacenters === undefined) return [invalid(`${path}.server`, server, `does not exist in vcenters${named(name)}`)];
  const datacenter = topology?.datacenter ?? "";
  if (!rules.checksDatacenters || datacenter === "" || datacenters.size === 0 || datacenters.has(comparable(datacenter, rules))) return [];
  return [invalid(`${path}.topology.datacenter`, datacenter, `is not among the datacenters of vCenter ${server}${named(name)}`)];
}

/** Errors carry OpenShift's path, without a number in the list: the name shows which one is meant. */
const named = (name: string | undefined): string => (name === undefined || name === "" ? "" : ` (failure domain ${name})`);

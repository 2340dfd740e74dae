import { collect, find, literal } from "../inventory.ts";
import { hostsOf, idOf, isUsable } from "../hosts.ts";
import { lastOf } from "../names.ts";
import { failed, ok, skipped, warning, type Finding } from "../../preflight/check.ts";
import { govcOf, type CheckInput } from "./check.ts";

/** Everything that the install-config names must be there, and be what it is taken for. */
export async function checkInventory(input: CheckInput): Promise<Finding> {
  const { found } = input;
  if ("error" in found) throw found.error;
  const problems = found.flatMap((each) => each.problems);
  for (const { domain, problems: here } of found) {
    const { hostGroup, computeCluster } = domain.topology;
    if (hostGroup === undefined || here.length > 0) continue;
    if (!(await hostGroups(input, domain.server, computeCluster)).includes(hostGroup))
      problems.push(`not there: host group ${hostGroup} in ${computeCluster} of failure domain ${domain.name}`);
  }
  if (problems.length > 0)
    return failed(
      problems.join("; "),
      "Correct the names under platform.vsphere.failureDomains; `govc find /` lists what there is. In a name, / is written %2f, \\ is %5c and % is %25.",
    );
  const named = found.flatMap(({ domain, byName }) =>
    byName.filter(({ key }) => key !== "network").map(({ key, path }) => `${key} of failure domain ${domain.name} is ${path}`),
  );
  if (named.length > 0)
    return warning(`given by name: ${named.join("; ")}`, "Write the paths into the install-config: a second object of that name would be an error.");
  const networks = found.flatMap(({ byName }) => byName).map(({ path }) => path);
  return ok(`all of ${found.length} failure domains${networks.length === 0 ? "" : `; networks: ${[...new Set(networks)].join(", ")}`}`);
}

const hostGroups = async (input: CheckInput, server: string, cluster: string): Promise<readonly string[]> =>
  (await govcOf(input, server).json<readonly string[]>(["cluster.group.ls", "-cluster", literal(cluster)])) ?? [];

export async function checkNetworkInCluster(input: CheckInput): Promise<Finding> {
  return await checkSeen(input, "network", ({ topology }) => topology.networks);
}

export async function checkDatastoreOnHosts(input: CheckInput): Promise<Finding> {
  return await checkSeen(input, "datastore", ({ topology }) => [topology.datastore]);
}

/** Whether the running hosts of each domain's cluster see something: none is a failure, only some a warning, as DRS moves machines. */
async function checkSeen(
  input: CheckInput,
  kind: "network" | "datastore",
  paths: (domain: CheckInput["domains"][number]) => readonly string[],
): Promise<Finding> {
  const partly: string[] = [];
  const all: string[] = [];
  for (const domain of input.domains) {
    const govc = govcOf(input, domain.server);
    const hosts = (await hostsOf(govc, domain.topology.computeCluster)).filter(isUsable);
    if (hosts.length === 0)
      return failed(`${domain.topology.computeCluster} has no running host`, "Connect a host, and take it out of maintenance mode.");
    for (const path of paths(domain)) {
      const id = await idOf(govc, path, kind === "network" ? "n" : "s");
      const seeing = hosts.filter(({ networks, datastores }) => id !== undefined && (kind === "network" ? networks : datastores).has(id));
      if (seeing.length === 0)
        return failed(
          `no running host of ${domain.topology.computeCluster} has ${kind} ${path}`,
          `Choose a ${kind} of that cluster for failure domain ${domain.name}.`,
        );
      if (seeing.length < hosts.length) partly.push(`${path} on ${seeing.length} of ${hosts.length} hosts of ${domain.topology.computeCluster}`);
      else all.push(lastOf(path));
    }
  }
  if (partly.length > 0) return warning(partly.join("; "), `Give all hosts the ${kind}: machines cannot be moved to the others.`);
  return ok(`${all.join(", ")} on all hosts`);
}

/** OpenShift's components find regions and zones by tags that the administrator attaches. */
export async function checkZoneTags(input: CheckInput): Promise<Finding> {
  const { spec, domains } = input;
  if (spec.distribution === "kubernetes") return skipped("only OpenShift reads region and zone tags");
  if (domains.length < 2) return skipped("one failure domain needs no tags");
  const missing: string[] = [];
  for (const { name, server, region, zone, regionType, zoneType, topology } of domains) {
    const govc = govcOf(input, server);
    const at = { Datacenter: `/${topology.datacenter}`, ComputeCluster: topology.computeCluster };
    const wanted: readonly (readonly [string, string, string | undefined])[] = [
      ["openshift-region", region, at[regionType]],
      // On a host group the tag is on each of its hosts, which only DRS knows.
      ["openshift-zone", zone, zoneType === "HostGroup" ? undefined : at[zoneType]],
    ];
    for (const [category, tag, path] of wanted) {
      if (path === undefined) continue;
      const attached = (await govc.json<readonly string[]>(["tags.attached.ls", "-r", literal(path)])) ?? [];
      if (!attached.includes(tag)) missing.push(`${tag} (${category}) on ${path} for ${name}`);
    }
  }
  if (missing.length > 0)
    return failed(
      `missing tags: ${missing.join("; ")}`,
      "Create the categories openshift-region and openshift-zone with these tags, and attach them: govc tags.category.create, tags.create, tags.attach.",
    );
  return ok(`regions and zones of ${domains.length} failure domains are tagged`);
}

/** Rules and host choice are DRS's work; without it the rules stand there and do nothing. */
export async function checkDrs(input: CheckInput): Promise<Finding> {
  const off: string[] = [];
  for (const { server, topology } of input.domains) {
    const enabled = (await collect(govcOf(input, server), topology.computeCluster, ["configurationEx.drsConfig.enabled"]))?.[
      "configurationEx.drsConfig.enabled"
    ];
    if (enabled !== true) off.push(topology.computeCluster);
  }
  if (off.length > 0)
    return warning(`DRS is off in ${[...new Set(off)].join(", ")}`, "Turn it on, so that control-plane machines are kept on different hosts.");
  return ok("DRS is on");
}

/** Names in a folder, for what is free and what is taken. */
export const machinesIn = async (input: Pick<CheckInput, "vcenters">, server: string, folder: string): Promise<readonly string[]> =>
  (await find(govcOf(input, server), folder, ["-type", "m", "-maxdepth", "1"])).map(lastOf);

import { type FailureDomainSpec, type NamedObject, networkPath, type VSpherePlatformSpec } from "../../config/platforms/vsphere/index.ts";
import { InstallerError } from "../../errors/index.ts";
import { findObject, type Wanted } from "./find-object.ts";
import type { Govc } from "./govc.ts";
import { collect, referencesIn, type Located } from "./inventory.ts";
import { KINDS } from "./object-kinds.ts";
import { failureDomainOf } from "./vsphere-spec.ts";

/** Managed object ids of what a failure domain names. */
export interface PlaceIds {
  readonly datacenter: string;
  readonly computeCluster: string;
  readonly resourcePool: string;
  readonly datastore: string;
  /** In the order of the install-config. */
  readonly networks: readonly string[];
}

/** A failure domain as a vCenter has it. */
export interface FoundDomain {
  /** With the paths that the objects really have, those of networks included; where one was not found with the path that was looked at. */
  readonly domain: FailureDomainSpec;
  /** Undefined where there are problems. */
  readonly ids: PlaceIds | undefined;
  /** What is not there, or is something else than it should be; one that depends on another that is not there is left out. */
  readonly problems: readonly string[];
  /** Objects given by a bare name, with the path taken. */
  readonly byName: readonly { readonly key: keyof typeof KINDS; readonly path: string }[];
}

/**
 * Finds what a failure domain names. The one place where names become paths: checks, preview and update all ask it, so that they mean the same.
 * A network's bare name is looked for among the networks of the compute cluster first, as OpenShift's installer does.
 * @throws InstallerError VCENTER_…
 */
export async function findTopology(govc: Govc, domain: FailureDomainSpec): Promise<FoundDomain> {
  const { topology } = domain;
  const problems: string[] = [];
  const byName: FoundDomain["byName"][number][] = [];
  const owner = `failure domain ${domain.name}`;
  const look = async (key: keyof typeof KINDS, wanted: Pick<Wanted, "path" | "root" | "prefer"> & { readonly byName?: boolean }) => {
    const named = wanted.byName ?? topology.byName?.includes(key as NamedObject) ?? false;
    const result = await findObject(govc, { ...wanted, owner, kind: KINDS[key], byName: named });
    if ("problem" in result) problems.push(result.problem);
    else if (named) byName.push({ key, path: result.found.path });
    return "found" in result ? result.found : undefined;
  };

  const datacenter = await look("datacenter", { path: `/${topology.datacenter}`, root: "/" });
  if (datacenter === undefined) return { domain, ids: undefined, problems, byName };
  const root = (kind: string): string => `${datacenter.path}/${kind}`;
  const given = (key: "folder" | "template"): Promise<Located | undefined> | undefined =>
    topology[key] === undefined ? undefined : look(key, { path: topology[key], root: root("vm") });

  const computeCluster = await look("computeCluster", { path: topology.computeCluster, root: root("host") });
  const resourcePool = computeCluster && (await look("resourcePool", { path: poolPath(topology, computeCluster.path), root: computeCluster.path }));
  const datastore = await look("datastore", { path: topology.datastore, root: root("datastore") });
  const inCluster = computeCluster === undefined ? undefined : await networksOf(govc, computeCluster);
  const networks: (Located | undefined)[] = [];
  for (const network of topology.networks)
    networks.push(
      await look("network", {
        path: networkPath(topology, network),
        root: root("network"),
        byName: !network.includes("/"),
        ...(inCluster === undefined ? {} : { prefer: ({ value }) => inCluster.has(value) }),
      }),
    );
  const folder = await given("folder");
  const template = await given("template");

  const found: FailureDomainSpec = {
    ...domain,
    topology: {
      ...topology,
      computeCluster: computeCluster?.path ?? topology.computeCluster,
      resourcePool: resourcePool?.path ?? topology.resourcePool,
      datastore: datastore?.path ?? topology.datastore,
      networks: topology.networks.map((network, index) => networks[index]?.path ?? networkPath(topology, network)),
      ...(folder === undefined ? {} : { folder: folder.path }),
      ...(template === undefined ? {} : { template: template.path }),
      byName: [],
    },
  };
  const ids =
    problems.length > 0 || computeCluster === undefined || resourcePool === undefined || datastore === undefined
      ? undefined
      : {
          datacenter: datacenter.value,
          computeCluster: computeCluster.value,
          resourcePool: resourcePool.value,
          datastore: datastore.value,
          networks: networks.flatMap((network) => network?.value ?? []),
        };
  return { domain: found, ids, problems, byName };
}

/** A pool is given below the path that its cluster has if that lies in no folder. */
function poolPath({ computeCluster, resourcePool }: FailureDomainSpec["topology"], found: string): string {
  return resourcePool.startsWith(`${computeCluster}/`) ? `${found}${resourcePool.slice(computeCluster.length)}` : resourcePool;
}

async function networksOf(govc: Govc, { type, value }: Located): Promise<ReadonlySet<string>> {
  return new Set(referencesIn((await collect(govc, `${type}:${value}`, ["network"]))?.["network"]).map((network) => network.value));
}

/**
 * The same of several failure domains, for what makes things there.
 * @throws InstallerError VSPHERE_INVENTORY if anything is not there or is something else, VCENTER_…
 */
export async function requireTopologies(
  platform: VSpherePlatformSpec,
  names: readonly string[],
  govcOf: (server: string) => Govc,
): Promise<ReadonlyMap<string, { readonly domain: FailureDomainSpec; readonly ids: PlaceIds }>> {
  const places = new Map<string, { readonly domain: FailureDomainSpec; readonly ids: PlaceIds }>();
  const problems: string[] = [];
  for (const name of names) {
    const given = failureDomainOf(platform, name);
    const { domain, ids, problems: here } = await findTopology(govcOf(given.server), given);
    problems.push(...here);
    if (ids !== undefined) places.set(name, { domain, ids });
  }
  const [first] = problems;
  if (first === undefined) return places;
  throw new InstallerError("VSPHERE_INVENTORY", problems.length === 1 ? first : `${problems.length} objects do not fit`, {
    value: names.join(", "),
    details: problems.length === 1 ? [] : problems,
  });
}

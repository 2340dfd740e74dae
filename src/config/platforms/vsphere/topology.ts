import type { PlacementRules } from "./placement-rules.ts";
import type { NamedObject, VsphereConfig } from "./spec.ts";
import { invalid, type IssueDraft, required, stricter, tooMany } from "../../issue.ts";
import { isAcceptedPath } from "./accepted-paths.ts";
import { completePath, inventoryPathProblem, parseInventoryPath } from "./inventory-path.ts";
import { topologyPaths } from "./topology-paths.ts";
import { isUserProvisioned } from "./user-provisioned.ts";

const MOST_NETWORKS = 10;
const MOST_TAGS = 10;
const TAG_ID = /^urn:vmomi:InventoryServiceTag:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}:[^:]+$/i;

const FORMS = {
  computeCluster: { kind: "host", form: "/<datacenter>/host/<cluster>" },
  datastore: { kind: "datastore", form: "/<datacenter>/datastore/<datastore>" },
  folder: { kind: "vm", form: "/<datacenter>/vm/<folder>" },
  template: { kind: "vm", form: "/<datacenter>/vm/<template>" },
} as const;

type FailureDomain = NonNullable<VsphereConfig["failureDomains"]>[number];
type Topology = NonNullable<FailureDomain["topology"]>;

/** platform.vsphere.failureDomains[].topology */
export function topologyRules(
  vsphere: VsphereConfig,
  { name = "", topology = {} }: FailureDomain,
  path: string,
  { oneImageSource, poolsByPath }: Pick<PlacementRules, "oneImageSource" | "poolsByPath">,
): readonly IssueDraft[] {
  const { datacenter = "", computeCluster = "", datastore = "" } = topology;
  const optional = isUserProvisioned(vsphere);
  const whose = name === "" ? "" : ` (failure domain ${name})`;
  const issues: IssueDraft[] = [];
  if (datacenter === "") issues.push(required(`${path}.datacenter`, `name the datacenter${whose}`));
  if (datastore === "") issues.push(required(`${path}.datastore`, `give the datastore as ${FORMS.datastore.form}${whose}`));
  if (computeCluster === "" && !optional) issues.push(required(`${path}.computeCluster`, `give the cluster as ${FORMS.computeCluster.form}${whose}`));
  const paths = topologyPaths(topology);
  for (const key of ["computeCluster", "datastore", "folder", "template"] as const) {
    // A name without its datacenter is no path; what is missing is the datacenter.
    if (paths[key] === "" || (datacenter === "" && !paths[key].startsWith("/"))) continue;
    const problem = inventoryPathProblem(paths[key], FORMS[key].kind, datacenter, FORMS[key].form);
    if (problem === undefined) continue;
    const issue = invalid(`${path}.${key}`, topology[key], `${problem}${whose}`);
    // OpenShift does not look at where a template is.
    issues.push(key === "template" || isAccepted(key, topology, paths[key]) ? stricter(issue) : issue);
  }
  issues.push(...poolRules(topology, `${path}.resourcePool`, whose, poolsByPath), ...networkRules(topology, `${path}.networks`, whose, optional));
  if (oneImageSource && (topology.template ?? "") !== "" && (vsphere.clusterOSImage ?? "") !== "")
    issues.push(invalid(`${path}.template`, topology.template, `cannot be given together with clusterOSImage${whose}`));
  return [...issues, ...tagRules(topology, `${path}.tagIDs`, whose)];
}

/** @param complete the path that a name stands for */
const isAccepted = (key: NamedObject, topology: Topology, complete: string): boolean =>
  isAcceptedPath(key, topology[key]?.startsWith("/") === true ? topology[key] : complete, topology);

function poolRules(topology: Topology, path: string, whose: string, byPath: boolean): readonly IssueDraft[] {
  const { datacenter = "", resourcePool = "" } = topology;
  const { computeCluster: cluster, resourcePool: pool } = topologyPaths(topology);
  if (pool === "" || (datacenter === "" && !pool.startsWith("/"))) return [];
  if (byPath && !resourcePool.startsWith("/"))
    return [invalid(path, resourcePool, `must be a full path for OpenShift: ${pool} is what the name would stand for${whose}`)];
  const problem = poolProblem(pool, datacenter, cluster);
  if (problem === undefined) return [];
  const issue = invalid(path, resourcePool, `${problem}${whose}`);
  return [isAccepted("resourcePool", topology, pool) ? stricter(issue) : issue];
}

function poolProblem(pool: string, datacenter: string, cluster: string): string | undefined {
  const parts = parseInventoryPath(pool, "host");
  if (parts?.rest.includes("/") !== true) return "must be a full path of the form /<datacenter>/host/<cluster>/Resources/…, or a name";
  const problem = inventoryPathProblem(pool, "host", datacenter, "");
  if (problem !== undefined || parseInventoryPath(cluster, "host") === undefined || pool.startsWith(`${cluster}/`)) return problem;
  return `must be in compute cluster ${cluster}`;
}

function networkRules({ datacenter = "", networks = [] }: Topology, path: string, whose: string, optional: boolean): readonly IssueDraft[] {
  if (networks.length === 0) return optional ? [] : [required(path, `name at least one port group${whose}`)];
  if (networks.length > MOST_NETWORKS) return [tooMany(path, networks.length, MOST_NETWORKS)];
  return networks.flatMap((name, index) => {
    if (name === "") return [stricter(invalid(`${path}[${index}]`, name, `must not be empty${whose}`))];
    const full = completePath(name, "network", datacenter);
    const problem = full.startsWith("/") ? inventoryPathProblem(full, "network", datacenter, "/<datacenter>/network/<port group>") : undefined;
    return problem === undefined ? [] : [stricter(invalid(`${path}[${index}]`, name, `${problem}${whose}`))];
  });
}

function tagRules({ tagIDs = [] }: Topology, path: string, whose: string): readonly IssueDraft[] {
  const issues: IssueDraft[] = [];
  if (tagIDs.length > MOST_TAGS) issues.push(invalid(path, tagIDs, `must have at most ${MOST_TAGS} tags${whose}`));
  const wrong = tagIDs.find((id) => !TAG_ID.test(id));
  if (wrong !== undefined)
    issues.push(
      invalid(path, wrong, `must be ids of the form urn:vmomi:InventoryServiceTag:<UUID>:GLOBAL, as \`govc tags.ls -json\` prints them${whose}`),
    );
  return issues;
}

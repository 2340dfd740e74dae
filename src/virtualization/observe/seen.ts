import pLimit from "p-limit";
import { fullName, type KubeObject, nameOf, namespaceOf, type KubeClient, type ObjectKind } from "../../kube/index.ts";
import { KINDS, type KindName, OPERATOR_RESOURCES } from "./kinds.ts";
import type { Target } from "./target.ts";

/** The cluster at one moment: objects by kind. A kind is missing if the API does not know it. */
export interface Seen {
  readonly target: Target;
  readonly now: Date;
  readonly objects: Partial<Readonly<Record<KindName, readonly KubeObject[]>>>;
}

/** Kinds of which only those in the target's namespaces matter. */
const IN_NAMESPACES: readonly KindName[] = [
  "pods",
  "events",
  "deployments",
  "daemonSets",
  "jobs",
  "endpointSlices",
  "subscriptions",
  "installPlans",
  "clusterServiceVersions",
  "operatorGroups",
];
const WHOLE: readonly KindName[] = [
  "namespaces",
  "nodes",
  "storageClasses",
  "validatingWebhooks",
  "mutatingWebhooks",
  "catalogSources",
  ...OPERATOR_RESOURCES,
  "dataVolumes",
  "dataImportCrons",
  "storageProfiles",
  "persistentVolumeClaims",
  "virtualMachineInstances",
];

const OLDER_SSP: ObjectKind = { ...KINDS.ssps, apiVersion: "ssp.kubevirt.io/v1beta2" };
const AT_ONCE = 4;

/** Looks at everything that can explain why virtualization does not work. @throws what `explainApiError` understands */
export async function observe(client: KubeClient, target: Target, now: Date, signal?: AbortSignal): Promise<Seen> {
  const limit = pLimit(AT_ONCE);
  const catalog = target.olm?.catalogSource.namespace;
  const lists: readonly (readonly [KindName, string | undefined])[] = [
    ...WHOLE.map((name) => [name, undefined] as const),
    ...IN_NAMESPACES.flatMap((name) => target.namespaces.map((namespace) => [name, namespace] as const)),
    // Why a catalog does not serve is shown by its pods.
    ...(catalog === undefined || target.namespaces.includes(catalog) ? [] : [["pods", catalog] as const]),
  ];
  const found = await Promise.all(
    lists.map(([name, namespace]) => limit(async () => [name, await client.list(KINDS[name], namespace, signal)] as const)),
  );
  const objects: Partial<Record<KindName, readonly KubeObject[]>> = {};
  // Older operators serve an older version only.
  const older = await client.list(OLDER_SSP, undefined, signal);
  if (older !== undefined) objects.ssps = older;
  for (const [name, items] of found)
    if (items !== undefined && !(name === "ssps" && older !== undefined)) objects[name] = [...(objects[name] ?? []), ...items];
  return { target, now, objects };
}

/** Objects of a kind, none if it is unknown. */
export const all = (seen: Seen, kind: KindName): readonly KubeObject[] => seen.objects[kind] ?? [];

export const find = (seen: Seen, kind: KindName, name: string, namespace?: string): KubeObject | undefined =>
  all(seen, kind).find((object) => nameOf(object) === name && (namespace === undefined || namespaceOf(object) === namespace));

/** How kubectl is given an object of a kind with an API group: `ssps.ssp.kubevirt.io NAME -n NAMESPACE`. */
export function kubectlName(kind: KindName, object: KubeObject): string {
  const { plural, apiVersion } = KINDS[kind];
  const namespace = namespaceOf(object);
  return `${plural}.${apiVersion.split("/")[0] ?? ""} ${nameOf(object)}${namespace === "" ? "" : ` -n ${namespace}`}`;
}

/** `Subscription kubevirt-hyperconverged/hco-operatorhub` */
export const called = (kind: KindName, object: KubeObject): string => `${KINDS[kind].kind} ${fullName(object)}`;

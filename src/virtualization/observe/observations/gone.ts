import { fullName, type KubeObject, nameOf, type KubeClient, type ObjectKind, type Look } from "../../../kube/index.ts";
import { KINDS, OPERATOR_GROUPS } from "../kinds.ts";

/** Virtual machines and disks that somebody uses. */
export async function workloads(
  client: KubeClient,
  signal?: AbortSignal,
): Promise<readonly { readonly kind: ObjectKind; readonly object: KubeObject }[]> {
  const kinds = [KINDS.virtualMachines, KINDS.virtualMachineInstances, KINDS.dataVolumes];
  const found = await Promise.all(
    kinds.map(async (kind) => ((await client.list(kind, undefined, signal)) ?? []).map((object) => ({ kind, object }))),
  );
  // What controllers own goes with its owner: boot images, instances of a machine, disks of a machine.
  return found
    .flat()
    .filter(({ object }) => ((object.metadata as { ownerReferences?: readonly unknown[] } | undefined)?.ownerReferences ?? []).length === 0);
}

/** All of these are deleted and gone. */
export function removed(
  list: (client: KubeClient, signal: AbortSignal | undefined) => Promise<readonly { readonly kind: ObjectKind; readonly object: KubeObject }[]>,
): Look<undefined> {
  const asked = new Set<string>();
  return async (client, signal) => {
    const left = await list(client, signal);
    for (const { kind, object } of left) {
      const key = `${kind.kind} ${fullName(object)}`;
      if (asked.has(key) || object.metadata?.deletionTimestamp !== undefined) continue;
      await client.remove(kind, { namespace: object.metadata?.namespace, name: nameOf(object) }, signal);
      asked.add(key);
    }
    if (left.length === 0) return { done: true, value: undefined };
    const names = left.slice(0, 5).map(({ kind, object }) => {
      const finalizers = object.metadata?.finalizers ?? [];
      return `${kind.kind} ${fullName(object)}${finalizers.length === 0 ? "" : ` (finalizers ${finalizers.join(", ")})`}`;
    });
    return { done: false, reason: `${left.length} still there: ${names.join(", ")}` };
  };
}

/** ClusterServiceVersions of our operator, which OLM leaves when their Subscription goes. */
export async function installedVersions(
  client: KubeClient,
  namespace: string,
  csvPrefix: string,
  signal?: AbortSignal,
): Promise<readonly { readonly kind: ObjectKind; readonly object: KubeObject }[]> {
  const found = (await client.list(KINDS.clusterServiceVersions, namespace, signal)) ?? [];
  return found.filter((csv) => nameOf(csv).startsWith(`${csvPrefix}.v`)).map((object) => ({ kind: KINDS.clusterServiceVersions, object }));
}

/** What is cluster-wide and stays after operators and namespace: definitions, webhooks and API services of the operators' groups. */
export async function clusterLeftovers(
  client: KubeClient,
  namespaces: readonly string[],
  signal?: AbortSignal,
): Promise<readonly { readonly kind: ObjectKind; readonly object: KubeObject }[]> {
  const definitions = ((await client.list(KINDS.definitions, undefined, signal)) ?? []).filter((one) => isOfOperators(groupOf(nameOf(one))));
  const services = ((await client.list(KINDS.apiServices, undefined, signal)) ?? []).filter(
    // Those of definitions are the API server's own and go with them.
    (one) => isOfOperators(groupOf(nameOf(one))) && (one["spec"] as { service?: unknown } | undefined)?.service !== undefined,
  );
  const webhooks = await Promise.all(
    [KINDS.validatingWebhooks, KINDS.mutatingWebhooks].map(async (kind) =>
      ((await client.list(kind, undefined, signal)) ?? [])
        .filter(
          (one) =>
            JSON.stringify(one["webhooks"] ?? [])
              .match(/"namespace":"([^"]+)"/g)
              ?.every((text) => namespaces.some((name) => text === `"namespace":"${name}"`)) === true,
        )
        .map((object) => ({ kind, object })),
    ),
  );
  return [
    // First what would refuse the rest.
    ...webhooks.flat(),
    ...services.map((object) => ({ kind: KINDS.apiServices, object })),
    ...definitions.map((object) => ({ kind: KINDS.definitions, object })),
  ];
}

const groupOf = (name: string): string => name.split(".").slice(1).join(".");
const isOfOperators = (group: string): boolean => OPERATOR_GROUPS.some((known) => group === known || group.endsWith(`.${known}`));

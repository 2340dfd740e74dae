import { stringify } from "yaml";
import { Redactor } from "../events/index.ts";
import { explainApiError } from "./api-error.ts";
import type { KubeClient } from "./client.ts";
import { cleanObject } from "./clean-object.ts";
import { CORE_KINDS, pathOf, type ObjectKind } from "./kinds.ts";

/** What is read for a gather bundle. Secrets are not among them, and nothing here reads any. */
const LISTS: readonly ObjectKind[] = [
  CORE_KINDS.nodes,
  CORE_KINDS.pods,
  CORE_KINDS.events,
  CORE_KINDS.namespaces,
  CORE_KINDS.services,
  CORE_KINDS.endpointSlices,
  CORE_KINDS.configMaps,
  CORE_KINDS.serviceAccounts,
  CORE_KINDS.deployments,
  CORE_KINDS.daemonSets,
  CORE_KINDS.leases,
  CORE_KINDS.certificateSigningRequests,
];

const LOG_NAMESPACE = "kube-system";
const LOG_LINES = 1_000;
const LOG_BYTES = 1_000_000;

interface PodList {
  readonly items: readonly {
    readonly metadata: { readonly name: string };
    readonly spec: { readonly containers: readonly { readonly name: string }[]; readonly initContainers?: readonly { readonly name: string }[] };
    readonly status?: { readonly containerStatuses?: readonly { readonly name: string; readonly restartCount: number }[] };
  }[];
}

/**
 * API objects as YAML and logs of kube-system's pods, by file name inside the bundle (`resources/nodes.yaml`,
 * `pods/<pod>/<container>.log`). What cannot be read is reported in `resources/errors.txt`; this never rejects but by the signal.
 * @param redactor knows the run's secrets; private keys are taken out in any case
 */
export async function gatherResources(
  client: KubeClient,
  options: { readonly signal?: AbortSignal; readonly redactor?: Redactor } = {},
): Promise<ReadonlyMap<string, string>> {
  const redactor = options.redactor ?? new Redactor();
  const { signal } = options;
  const files = new Map<string, string>();
  const errors: string[] = [];
  const take = async (what: string, read: () => Promise<void>): Promise<void> => {
    try {
      await read();
    } catch (error) {
      signal?.throwIfAborted();
      errors.push(`${what}: ${explainApiError(error)}`);
    }
  };

  await take("readyz", async () => void files.set("resources/readyz.txt", await client.get("/readyz?verbose", signal)));
  for (const kind of LISTS)
    await take(kind.plural, async () => {
      const list = JSON.parse(await client.get(pathOf(kind, { name: "" }), signal)) as unknown;
      files.set(`resources/${kind.plural}.yaml`, redactor.redact(stringify(cleanObject(list), { aliasDuplicateObjects: false })));
    });
  await take("pod logs", async () => {
    const pods = JSON.parse(await client.get(`/api/v1/namespaces/${LOG_NAMESPACE}/pods`, signal)) as PodList;
    for (const { pod, container, previous } of pods.items.flatMap(logsOf)) {
      const query = `container=${container}&tailLines=${LOG_LINES}&limitBytes=${LOG_BYTES}&timestamps=true${previous ? "&previous=true" : ""}`;
      const file = `pods/${pod}/${container}${previous ? ".previous" : ""}.log`;
      await take(
        file,
        async () => void files.set(file, redactor.redact(await client.get(`/api/v1/namespaces/${LOG_NAMESPACE}/pods/${pod}/log?${query}`, signal))),
      );
    }
  });
  if (errors.length > 0) files.set("resources/errors.txt", `${errors.join("\n")}\n`);
  return files;
}

function logsOf({ metadata, spec, status }: PodList["items"][number]): readonly { pod: string; container: string; previous: boolean }[] {
  const restarted = new Set((status?.containerStatuses ?? []).filter(({ restartCount }) => restartCount > 0).map(({ name }) => name));
  return [...(spec.initContainers ?? []), ...spec.containers].flatMap(({ name }) => [
    { pod: metadata.name, container: name, previous: false },
    ...(restarted.has(name) ? [{ pod: metadata.name, container: name, previous: true }] : []),
  ]);
}

import { ApiStatusError } from "./api-error.ts";
import { openTransport, type KubeClientOptions } from "./client.ts";

/** Any object, as the server sent it. */
export interface KubeObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: {
    readonly name?: string;
    readonly namespace?: string;
    readonly generation?: number;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly finalizers?: readonly string[];
    readonly creationTimestamp?: string;
    readonly deletionTimestamp?: string;
  };
  readonly [field: string]: unknown;
}

/** A kind, and where the API has it. */
export interface ObjectKind {
  /** `v1`, `apps/v1`, `kubevirt.io/v1` */
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
}

export interface ObjectName {
  /** Absent for what lies in no namespace. */
  readonly namespace?: string | undefined;
  readonly name: string;
}

/** Calls for objects of any kind. All reject with what `explainApiError` understands, or the signal's reason. */
export interface ObjectClient {
  /** `https://host:port` */
  readonly server: string;
  /** Undefined if there is none, or the API does not know the kind. */
  read(kind: ObjectKind, name: ObjectName, signal?: AbortSignal): Promise<KubeObject | undefined>;
  /** Of one namespace or all; undefined if the API does not know the kind. */
  list(kind: ObjectKind, namespace?: string, signal?: AbortSignal): Promise<readonly KubeObject[] | undefined>;
  /** Server-side apply, as manager `virt-ipi`. */
  apply(kind: ObjectKind, object: KubeObject, signal?: AbortSignal): Promise<KubeObject>;
  /** Merge patch. */
  patch(kind: ObjectKind, name: ObjectName, patch: object, signal?: AbortSignal): Promise<KubeObject>;
  /** Asks for the deletion; what is gone already is success. */
  remove(kind: ObjectKind, name: ObjectName, signal?: AbortSignal): Promise<void>;
  /** The body of any GET. */
  get(path: string, signal?: AbortSignal): Promise<string>;
  close(): void;
}

export type ObjectClientFactory = () => Promise<ObjectClient>;

/** @throws InstallerError KUBECONFIG_INVALID */
export async function connectObjects(options: KubeClientOptions): Promise<ObjectClient> {
  const { transport, server } = await openTransport(options);
  const get = (path: string, signal?: AbortSignal): Promise<string> => transport.send({ method: "GET", path, signal });
  const write = async (path: string, body: object, contentType: string, signal?: AbortSignal): Promise<KubeObject> =>
    JSON.parse(await transport.send({ method: "PATCH", path, body: JSON.stringify(body), contentType, signal })) as KubeObject;
  return {
    server: server.origin,
    read: (kind, name, signal) => unlessMissing(async () => JSON.parse(await get(pathOf(kind, name), signal)) as KubeObject),
    list: (kind, namespace, signal) =>
      unlessMissing(async () => (JSON.parse(await get(pathOf(kind, { namespace, name: "" }), signal)) as { items: readonly KubeObject[] }).items),
    apply: (kind, object, signal) =>
      write(
        `${pathOf(kind, { namespace: object.metadata?.namespace, name: object.metadata?.name ?? "" })}?fieldManager=virt-ipi&force=true`,
        { apiVersion: kind.apiVersion, kind: kind.kind, ...object },
        "application/apply-patch+yaml",
        signal,
      ),
    patch: (kind, name, patch, signal) => write(`${pathOf(kind, name)}?fieldManager=virt-ipi`, patch, "application/merge-patch+json", signal),
    remove: async (kind, name, signal) => {
      await unlessMissing(() => transport.send({ method: "DELETE", path: `${pathOf(kind, name)}?propagationPolicy=Background`, signal }));
    },
    get,
    close: () => transport.close(),
  };
}

/** Path of an object, or of the list when the name is empty. */
function pathOf({ apiVersion, plural }: ObjectKind, { namespace, name }: ObjectName): string {
  const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const place = namespace === undefined ? "" : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${root}${place}/${plural}${name === "" ? "" : `/${encodeURIComponent(name)}`}`;
}

async function unlessMissing<T>(request: () => Promise<T>): Promise<T | undefined> {
  try {
    return await request();
  } catch (error) {
    if (error instanceof ApiStatusError && error.status === 404) return undefined;
    throw error;
  }
}

import type { V1CertificateSigningRequest } from "@kubernetes/client-node";
import { isIP } from "node:net";
import { ApiStatusError } from "./api-error.ts";
import { CORE_KINDS, pathOf, type ObjectKind, type ObjectName } from "./kinds.ts";
import { clusterAccess } from "./kubeconfig.ts";
import type { KubeObject } from "./object.ts";
import { Transport } from "./transport.ts";

export interface KubeClientOptions {
  /** Text of a kubeconfig. Secret. */
  readonly kubeconfig: string;
  /** `https://192.168.126.5:6443`, or a bare address: used instead of the kubeconfig's server, e.g. where its name is in no DNS. */
  readonly server?: string;
  /** The name that the server's certificate must carry. Default with `server`: the host of the kubeconfig's own server. */
  readonly tlsServerName?: string;
  /** Milliseconds a single request may take; default 15,000, since a guest without acceleration is slow. */
  readonly requestTimeoutMs?: number;
  /** The kubeconfig's context; default its current one. */
  readonly context?: string | undefined;
  /** Requests at a time; default 4. */
  readonly connections?: number | undefined;
}

/**
 * Calls for objects of any kind. Each rejects with what `explainApiError` understands, or the signal's reason. Objects are as the server sent
 * them, whatever type the caller takes them for: timestamps are ISO 8601 strings.
 */
export interface KubeClient {
  /** `https://host:port` */
  readonly server: string;
  /** Resolves when `/readyz` says ok. */
  readyz(signal?: AbortSignal): Promise<void>;
  /** Undefined if there is none, or the API does not know the kind. */
  read<T = KubeObject>(kind: ObjectKind, name: ObjectName, signal?: AbortSignal): Promise<T | undefined>;
  /** Of one namespace or all; undefined if the API does not know the kind. */
  list<T = KubeObject>(kind: ObjectKind, namespace?: string, signal?: AbortSignal): Promise<readonly T[] | undefined>;
  /** Server-side apply, as manager `virt-ipi`. */
  apply(kind: ObjectKind, object: KubeObject, signal?: AbortSignal): Promise<KubeObject>;
  /** Merge patch. */
  patch(kind: ObjectKind, name: ObjectName, patch: object, signal?: AbortSignal): Promise<KubeObject>;
  /** Asks for the deletion; what is gone already is success. */
  remove(kind: ObjectKind, name: ObjectName, signal?: AbortSignal): Promise<void>;
  /** Adds the condition Approved; fails with 409 if the request is not the one that was read any more. */
  approve(request: V1CertificateSigningRequest, message: string, signal?: AbortSignal): Promise<void>;
  /** The body of any GET, as the server sent it. */
  get(path: string, signal?: AbortSignal): Promise<string>;
  /** Frees the connections. */
  close(): void;
}

export type KubeClientFactory = (signal: AbortSignal | undefined) => Promise<KubeClient>;

const API_PORT = 6443;
const REQUEST_TIMEOUT_MS = 15_000;

/**
 * A client of the cluster that a kubeconfig names. Makes no request yet.
 * @throws InstallerError KUBECONFIG_INVALID
 */
export async function connectKube(options: KubeClientOptions): Promise<KubeClient> {
  const { transport, server } = await openTransport(options);
  return clientOn(transport, server);
}

/**
 * The way to the API server alone, for those who make requests of their own.
 * @throws InstallerError KUBECONFIG_INVALID
 */
export async function openTransport(options: KubeClientOptions): Promise<{ readonly transport: Transport; readonly server: URL }> {
  const { server: url, tlsServerName, tls, headers } = await clusterAccess(options.kubeconfig, options.context);
  const own = new URL(url);
  const server = options.server === undefined ? own : serverUrl(options.server);
  const serverName = options.tlsServerName ?? tlsServerName ?? (server.hostname === own.hostname ? undefined : own.hostname);
  const timeoutMs = options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS;
  return { server, transport: new Transport({ server, serverName, tls, headers, timeoutMs, connections: options.connections }) };
}

function clientOn(transport: Transport, server: URL): KubeClient {
  const get = (path: string, signal?: AbortSignal): Promise<string> => transport.send({ method: "GET", path, signal });
  const patch = (path: string, body: object, contentType: string, signal?: AbortSignal): Promise<string> =>
    transport.send({ method: "PATCH", path, body: JSON.stringify(body), contentType, signal });
  return {
    server: server.origin,
    readyz: async (signal) => void (await get("/readyz?verbose", signal)),
    read: <T>(kind: ObjectKind, name: ObjectName, signal?: AbortSignal) =>
      unlessMissing(async () => JSON.parse(await get(pathOf(kind, name), signal)) as T),
    list: <T>(kind: ObjectKind, namespace?: string, signal?: AbortSignal) =>
      unlessMissing(async () => (JSON.parse(await get(pathOf(kind, { namespace, name: "" }), signal)) as { items: readonly T[] }).items),
    apply: async (kind, object, signal) => {
      const { namespace, name = "" } = object.metadata ?? {};
      const path = `${pathOf(kind, { namespace, name })}?fieldManager=virt-ipi&force=true`;
      const body = { apiVersion: kind.apiVersion, kind: kind.kind, ...object };
      return JSON.parse(await patch(path, body, "application/apply-patch+yaml", signal)) as KubeObject;
    },
    patch: async (kind, name, changes, signal) =>
      JSON.parse(await patch(`${pathOf(kind, name)}?fieldManager=virt-ipi`, changes, "application/merge-patch+json", signal)) as KubeObject,
    remove: async (kind, name, signal) => {
      await unlessMissing(() => transport.send({ method: "DELETE", path: `${pathOf(kind, name)}?propagationPolicy=Background`, signal }));
    },
    approve: async (request, message, signal) => {
      const { name = "", uid, resourceVersion } = request.metadata ?? {};
      // With uid and resourceVersion the server refuses if another request took this name after it was judged.
      const approval = {
        metadata: { uid, resourceVersion },
        status: { conditions: [{ type: "Approved", status: "True", reason: "VirtIpiApproved", message }] },
      };
      const path = `${pathOf(CORE_KINDS.certificateSigningRequests, { name })}/approval`;
      await patch(path, approval, "application/strategic-merge-patch+json", signal);
    },
    get,
    close: () => transport.close(),
  };
}

async function unlessMissing<T>(request: () => Promise<T>): Promise<T | undefined> {
  try {
    return await request();
  } catch (error) {
    if (error instanceof ApiStatusError && error.status === 404) return undefined;
    throw error;
  }
}

/** @param server a URL, or an address or name with or without a port */
function serverUrl(server: string): URL {
  if (server.includes("://")) return new URL(server);
  if (isIP(server) === 6) return new URL(`https://[${server}]:${API_PORT}`);
  const url = new URL(`https://${server}`);
  if (url.port === "") url.port = String(API_PORT);
  return url;
}

import type { V1CertificateSigningRequest, V1ConfigMap, V1Deployment, V1Node, V1ServiceAccount } from "@kubernetes/client-node";
import { isIP } from "node:net";
import { ApiStatusError } from "./api-error.ts";
import { clusterAccess } from "./kubeconfig.ts";
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
 * The few calls that the installer makes. Each rejects with what `explainApiError` understands, or the signal's reason.
 * Objects are as the server sent them: timestamps are ISO 8601 strings, whatever the types say.
 */
export interface KubeClient {
  readonly server: string;
  /** Resolves when `/readyz` says ok. */
  readyz(signal?: AbortSignal): Promise<void>;
  nodes(signal?: AbortSignal): Promise<readonly V1Node[]>;
  certificateSigningRequests(signal?: AbortSignal): Promise<readonly V1CertificateSigningRequest[]>;
  /** Adds the condition Approved; fails with 409 if the request is not the one that was read any more. */
  approve(request: V1CertificateSigningRequest, message: string, signal?: AbortSignal): Promise<void>;
  /** These three: undefined when there is no such object. */
  configMap(namespace: string, name: string, signal?: AbortSignal): Promise<V1ConfigMap | undefined>;
  deployment(namespace: string, name: string, signal?: AbortSignal): Promise<V1Deployment | undefined>;
  serviceAccount(namespace: string, name: string, signal?: AbortSignal): Promise<V1ServiceAccount | undefined>;
  /** The body of any GET, as the server sent it. */
  get(path: string, signal?: AbortSignal): Promise<string>;
  /** Frees the connections. */
  close(): void;
}

export type KubeClientFactory = (signal: AbortSignal | undefined) => Promise<KubeClient>;

const API_PORT = 6443;
const REQUEST_TIMEOUT_MS = 15_000;
const CSR_PATH = "/apis/certificates.k8s.io/v1/certificatesigningrequests";

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
  const read = async <T>(path: string, signal?: AbortSignal): Promise<T> => JSON.parse(await get(path, signal)) as T;
  const readIfExists = async <T>(path: string, signal?: AbortSignal): Promise<T | undefined> => {
    try {
      return await read<T>(path, signal);
    } catch (error) {
      if (error instanceof ApiStatusError && error.status === 404) return undefined;
      throw error;
    }
  };
  return {
    server: server.origin,
    readyz: async (signal) => void (await get("/readyz?verbose", signal)),
    nodes: async (signal) => (await read<{ items: V1Node[] }>("/api/v1/nodes", signal)).items,
    certificateSigningRequests: async (signal) => (await read<{ items: V1CertificateSigningRequest[] }>(CSR_PATH, signal)).items,
    approve: async (request, message, signal) => {
      const { name, uid, resourceVersion } = request.metadata ?? {};
      // With uid and resourceVersion the server refuses if another request took this name after it was judged.
      const patch = {
        metadata: { uid, resourceVersion },
        status: { conditions: [{ type: "Approved", status: "True", reason: "VirtIpiApproved", message }] },
      };
      await transport.send({
        method: "PATCH",
        path: `${CSR_PATH}/${encodeURIComponent(name ?? "")}/approval`,
        body: JSON.stringify(patch),
        contentType: "application/strategic-merge-patch+json",
        signal,
      });
    },
    configMap: (namespace, name, signal) => readIfExists(`/api/v1/namespaces/${namespace}/configmaps/${name}`, signal),
    deployment: (namespace, name, signal) => readIfExists(`/apis/apps/v1/namespaces/${namespace}/deployments/${name}`, signal),
    serviceAccount: (namespace, name, signal) => readIfExists(`/api/v1/namespaces/${namespace}/serviceaccounts/${name}`, signal),
    get,
    close: () => transport.close(),
  };
}

/** @param server a URL, or an address or name with or without a port */
function serverUrl(server: string): URL {
  if (server.includes("://")) return new URL(server);
  if (isIP(server) === 6) return new URL(`https://[${server}]:${API_PORT}`);
  const url = new URL(`https://${server}`);
  if (url.port === "") url.port = String(API_PORT);
  return url;
}

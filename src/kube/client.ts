import type { V1CertificateSigningRequest, V1ConfigMap, V1Deployment, V1Node, V1ServiceAccount } from "@kubernetes/client-node";

export interface KubeClientOptions {
  /** Text of a kubeconfig. Secret. */
  readonly kubeconfig: string;
  /** `https://192.168.126.5:6443`: used instead of the kubeconfig's server, e.g. where its name is in no DNS. */
  readonly server?: string;
  /** The name that the server's certificate must carry; needed when `server` is an address that is not in it. */
  readonly tlsServerName?: string;
  /** Milliseconds a single request may take. */
  readonly requestTimeoutMs?: number;
}

/** The few calls that the installer makes. Each rejects with what `explainApiError` understands, or the signal's reason. */
export interface KubeClient {
  readonly server: string;
  /** Resolves when `/readyz` says ok. */
  readyz(signal?: AbortSignal): Promise<void>;
  nodes(signal?: AbortSignal): Promise<readonly V1Node[]>;
  certificateSigningRequests(signal?: AbortSignal): Promise<readonly V1CertificateSigningRequest[]>;
  /** Adds the condition Approved. */
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

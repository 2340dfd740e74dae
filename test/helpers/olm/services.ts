import { once } from "node:events";
import { createServer, type Server } from "node:https";
import type { KubeApi } from "./kube-api.ts";
import type { KubeObject } from "./objects.ts";

/**
 * @plays kube-proxy, and the pods behind webhooks of operators that OLM installs
 * @contract who has ready endpoints is answered, with the certificate that OLM made; the others refuse connections
 * @because pods run no programs here
 * @real test/e2e
 */

export interface AdmissionRequest {
  readonly uid: string;
  readonly operation: "CREATE" | "UPDATE" | "DELETE";
  readonly name: string;
  readonly namespace?: string;
  readonly dryRun?: boolean;
  readonly object: KubeObject | null;
  readonly oldObject: KubeObject | null;
}

/** A webhook of the pods behind a Service: undefined lets the request pass, a text is why not. */
export type Webhook = (request: AdmissionRequest) => Promise<string | undefined> | string | undefined;

export interface WebhookServices {
  /** Looks again at which Services have endpoints: those are answered, the others refuse connections, as with kube-proxy. */
  reconcile(): Promise<void>;
  dispose(): Promise<void>;
}

interface Service extends KubeObject {
  readonly spec: { readonly clusterIP: string; readonly ports: readonly { readonly port: number }[] };
}
interface EndpointSlice extends KubeObject {
  readonly endpoints: readonly { readonly conditions: { readonly ready?: boolean } }[] | null;
}

/**
 * Plays kube-proxy and the pods behind OLM's webhook Services: kwok's pods run no program, so the rig listens on the Service's own
 * address (the service network lies in 127.0.0.0/8), with the certificate that OLM made, as long as it has ready endpoints.
 */
export function createWebhookServices(api: KubeApi, webhooks: Readonly<Record<string, Webhook>>): WebhookServices {
  const servers = new Map<string, Server>();
  const stop = async (address: string): Promise<void> => {
    const server = servers.get(address);
    servers.delete(address);
    // Requests that are under way get their answer.
    await new Promise((resolve) => server?.close(resolve));
  };
  return {
    reconcile: async () => {
      const [services, slices, secrets] = await Promise.all([
        api.list<Service>("/api/v1/services?labelSelector=olm.managed%3Dtrue"),
        api.list<EndpointSlice>("/apis/discovery.k8s.io/v1/endpointslices"),
        api.list<KubeObject & { readonly data?: Readonly<Record<string, string>> }>("/api/v1/secrets?labelSelector=olm.managed%3Dtrue"),
      ]);
      const wanted = new Map<string, { readonly host: string; readonly port: number; readonly data: Readonly<Record<string, string>> }>();
      for (const service of services) {
        const { name, namespace } = service.metadata;
        const ready = slices.some(
          ({ metadata, endpoints }) =>
            metadata.namespace === namespace &&
            metadata.labels?.["kubernetes.io/service-name"] === name &&
            (endpoints ?? []).some(({ conditions }) => conditions.ready !== false),
        );
        const data = secrets.find(({ metadata }) => metadata.name === `${name}-cert` && metadata.namespace === namespace)?.data;
        if (!ready || data === undefined) continue;
        const host = service.spec.clusterIP;
        // A new certificate means a new server.
        for (const { port } of service.spec.ports) wanted.set(`${host} ${port} ${data["tls.crt"] ?? ""}`, { host, port, data });
      }
      // The server with the certificate before has the address of the one that follows.
      for (const address of servers.keys()) if (!wanted.has(address)) await stop(address);
      for (const [address, { host, port, data }] of wanted) if (!servers.has(address)) servers.set(address, await listen(host, port, data, webhooks));
    },
    dispose: async () => {
      for (const address of servers.keys()) await stop(address);
    },
  };
}

async function listen(
  host: string,
  port: number,
  data: Readonly<Record<string, string>>,
  webhooks: Readonly<Record<string, Webhook>>,
): Promise<Server> {
  const pem = (name: string): Buffer => Buffer.from(data[name] ?? "", "base64");
  const server = createServer({ cert: pem("tls.crt"), key: pem("tls.key") }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      void answer(webhooks[new URL(request.url ?? "/", "https://webhook").pathname], Buffer.concat(chunks).toString()).then(
        (review) => {
          // The API server must not send its next request into a connection that is about to end.
          response.setHeader("connection", "close");
          response.setHeader("content-type", "application/json");
          response.end(JSON.stringify(review));
        },
        (error: unknown) => {
          response.statusCode = 500;
          response.end(String(error));
        },
      );
    });
  });
  server.listen(port, host);
  await once(server, "listening");
  return server;
}

/** The AdmissionReview in answer to one. Source: https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers */
async function answer(webhook: Webhook | undefined, body: string): Promise<object> {
  const { request } = JSON.parse(body) as { readonly request: AdmissionRequest };
  const denied = await webhook?.(request);
  return {
    apiVersion: "admission.k8s.io/v1",
    kind: "AdmissionReview",
    response: { uid: request.uid, allowed: denied === undefined, ...(denied === undefined ? {} : { status: { code: 403, message: denied } }) },
  };
}

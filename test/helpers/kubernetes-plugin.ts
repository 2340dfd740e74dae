import type { Properties } from "../../src/pulumi/resource/values.ts";
import { startKubernetesPlugin, type ServerOptions } from "../../tools/kubernetes-plugin/server.ts";
import { ProviderClient, type ProviderFailure } from "./provider-client.ts";

/** Short, so that a test of giving up does not take minutes. */
export const SHORT_LIMITS = { outageMs: 30_000, firstContactMs: 2_000, webhookMs: 2_000 } as const;

/** Controllers that finish a deletion, for `startKubeControlPlane`. */
export const DELETING_CONTROLLERS = ["garbage-collector-controller", "namespace-controller"] as const;

/** The plugin in this process, configured, and a client that speaks to it as the engine does. */
export async function startPlugin(config: Properties, options: Partial<ServerOptions> = {}): Promise<ProviderClient> {
  const server = await startKubernetesPlugin({ env: {}, limits: SHORT_LIMITS, ...options });
  const client = new ProviderClient(server.port, () => server.close());
  await client.configure(config);
  return client;
}

/** What a call that has to fail is answered. */
export async function failureOf(call: Promise<unknown>): Promise<Error & ProviderFailure> {
  return await call.then(
    (value) => {
      throw new Error(`it did not fail: ${JSON.stringify(value)}`);
    },
    (error: unknown) => error as Error & ProviderFailure,
  );
}

export const TOKENS = {
  namespace: "kubernetes:core/v1:Namespace",
  configMap: "kubernetes:core/v1:ConfigMap",
  configMapPatch: "kubernetes:core/v1:ConfigMapPatch",
  secret: "kubernetes:core/v1:Secret",
  deployment: "kubernetes:apps/v1:Deployment",
  storageClass: "kubernetes:storage.k8s.io/v1:StorageClass",
  crd: "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition",
  widget: "kubernetes:test.example.com/v1:Widget",
} as const;

export const configMap = (name: string, data: Properties, metadata: Properties = {}): Properties => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace: "default", ...metadata },
  data,
});

/** A definition of a namespaced kind that takes anything, with a status of its own. */
export function widgetDefinition(kind = "Widget", group = "test.example.com"): Properties {
  const plural = `${kind.toLowerCase()}s`;
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: "Namespaced",
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          subresources: { status: {} },
          schema: {
            openAPIV3Schema: {
              type: "object",
              properties: {
                spec: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
                status: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
              },
            },
          },
        },
      ],
    },
  };
}

export const widget = (name: string, spec: Properties, annotations: Readonly<Record<string, string>> = {}): Properties => ({
  apiVersion: "test.example.com/v1",
  kind: "Widget",
  metadata: { name, namespace: "default", annotations },
  spec,
});

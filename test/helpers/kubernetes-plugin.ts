import type { Properties } from "../../src/pulumi/resource/values.ts";

/** Controllers that finish a deletion, for `startKubeControlPlane`. */
export const DELETING_CONTROLLERS = ["garbage-collector-controller", "namespace-controller"] as const;

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

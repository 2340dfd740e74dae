import { ANY, crd } from "./olm/crds.ts";

type Fields = Readonly<Record<string, unknown>>;

/** A definition whose objects keep all fields, as operators' own do where it matters here. */
export function definition(group: string, version: string, kind: string, scope: "Namespaced" | "Cluster"): Fields {
  return crd({ group, version, kind, plural: `${kind.toLowerCase()}s`, scope, object: ANY });
}

/**
 * What a release manifest of an operator holds.
 * @param pod fields of its pod's spec, over those of a pod that only an image registry could bring up
 */
export function operatorManifest(namespace: string, name: string, definitions: readonly Fields[], pod: Fields = {}): readonly Fields[] {
  const labels = { app: name };
  const rbac = "rbac.authorization.k8s.io";
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
    ...definitions,
    {
      apiVersion: `${rbac}/v1`,
      kind: "ClusterRole",
      metadata: { name },
      rules: [
        { apiGroups: ["kubevirt.io", "cdi.kubevirt.io"], resources: ["*"], verbs: ["*"] },
        { apiGroups: [""], resources: ["nodes"], verbs: ["get", "list", "patch"] },
      ],
    },
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace } },
    {
      apiVersion: `${rbac}/v1`,
      kind: "ClusterRoleBinding",
      metadata: { name },
      roleRef: { apiGroup: rbac, kind: "ClusterRole", name },
      subjects: [{ kind: "ServiceAccount", name, namespace }],
    },
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name, namespace },
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: { serviceAccountName: name, containers: [{ name: "operator", image: `quay.io/kubevirt/${name}:v1.8.4` }], ...pod },
        },
      },
    },
  ];
}

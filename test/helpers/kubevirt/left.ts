import type { KubeApi } from "../olm/kube-api.ts";

/** Everything of the operators that lies in no namespace, and what lies in those of others. */
export async function leftIn(api: KubeApi): Promise<readonly string[]> {
  const places = [
    "/api/v1/namespaces",
    "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
    "/apis/apiregistration.k8s.io/v1/apiservices",
    "/apis/scheduling.k8s.io/v1/priorityclasses",
    ...["clusterroles", "clusterrolebindings", "roles", "rolebindings"].map((kind) => `/apis/rbac.authorization.k8s.io/v1/${kind}`),
    ...["validatingwebhookconfigurations", "mutatingwebhookconfigurations", "validatingadmissionpolicies", "validatingadmissionpolicybindings"].map(
      (kind) => `/apis/admissionregistration.k8s.io/v1/${kind}`,
    ),
    ...["secrets", "configmaps", "services", "serviceaccounts"].map((kind) => `/api/v1/${kind}`),
  ];
  const found = await Promise.all(
    places.map(async (place) =>
      (await api.list(place))
        .filter(({ metadata }) => /virt|cdi|network-addons|multus|bridge|kubemacpool/.test(`${metadata.namespace ?? ""}/${metadata.name}`))
        .map(({ metadata }) => `${place} ${metadata.name}`),
    ),
  );
  return found.flat();
}

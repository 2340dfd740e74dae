import { eventually, type KubeApi } from "./kube-api.ts";

const ADMISSION = "admissionregistration.k8s.io/v1";

/**
 * A rule of the cluster by which definitions of an API group are refused.
 * @param reason that the API server gives: `Invalid` is 422, `Forbidden` 403
 * @returns what takes the rule away
 */
export async function refuseDefinitions(api: KubeApi, group: string, reason: "Invalid" | "Forbidden"): Promise<() => Promise<void>> {
  const [policies, bindings] = ["policies", "policybindings"].map((kind) => `/apis/${ADMISSION}/validatingadmission${kind}`) as [string, string];
  const metadata = { name: group };
  await api.create(policies, {
    apiVersion: ADMISSION,
    kind: "ValidatingAdmissionPolicy",
    metadata,
    spec: {
      failurePolicy: "Fail",
      matchConstraints: {
        resourceRules: [
          { apiGroups: ["apiextensions.k8s.io"], apiVersions: ["v1"], operations: ["CREATE"], resources: ["customresourcedefinitions"] },
        ],
      },
      validations: [{ expression: `object.spec.group != '${group}'`, message: `no definitions of ${group} here`, reason }],
    },
  });
  await api.create(bindings, {
    apiVersion: ADMISSION,
    kind: "ValidatingAdmissionPolicyBinding",
    metadata,
    spec: { policyName: group, validationActions: ["Deny"] },
  });
  const names = { kind: "Probe", listKind: "ProbeList", plural: "probes", singular: "probe" };
  const schema = { openAPIV3Schema: { type: "object" } };
  const probe = {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `probes.${group}` },
    spec: { group, scope: "Namespaced", names, versions: [{ name: "v1", served: true, storage: true, schema }] },
  };
  await eventually("the rule in force", () =>
    api.create("/apis/apiextensions.k8s.io/v1/customresourcedefinitions?dryRun=All", probe).then(
      () => undefined,
      () => true as const,
    ),
  );
  return async () => {
    for (const path of [bindings, policies]) await api.remove(`${path}/${group}`);
  };
}

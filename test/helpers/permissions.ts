import type { KubeControlPlane } from "./kube-control-plane.ts";
import { until } from "./machine-api.ts";

/** What the API server lets users do: it learns of roles and bindings a while after they are written, on a busy host after seconds. */

/** A rule of a role, as far as it is asked about. */
export interface Rule {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

export interface Permission {
  readonly user: string;
  readonly groups?: readonly string[];
  /** Without one: in the whole cluster. */
  readonly namespace?: string | undefined;
}

/** Whether somebody may do the first of what a rule is about. */
export async function isAllowed(kube: KubeControlPlane, { user, groups, namespace }: Permission, rule: Rule): Promise<boolean> {
  const [resource = "", subresource] = rule.resources?.[0]?.split("/") ?? [];
  const review = (await kube.create("/apis/authorization.k8s.io/v1/subjectaccessreviews", {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SubjectAccessReview",
    spec: {
      user,
      groups,
      resourceAttributes: { namespace, group: rule.apiGroups?.[0], resource, subresource, name: rule.resourceNames?.[0], verb: rule.verbs[0] },
    },
  })) as { readonly status: { readonly allowed: boolean } };
  return review.status.allowed;
}

/** Waits until somebody may do what each of the rules is about. */
export async function untilAllowed(kube: KubeControlPlane, permission: Permission, rules: readonly Rule[]): Promise<void> {
  for (const rule of rules) await until(`${permission.user} may ${textOf(rule)}`, () => isAllowed(kube, permission, rule));
}

/** Waits until somebody may no longer do what a rule is about. */
export async function untilDenied(kube: KubeControlPlane, permission: Permission, rule: Rule): Promise<void> {
  await until(`${permission.user} may not ${textOf(rule)}`, async () => !(await isAllowed(kube, permission, rule)));
}

const textOf = ({ verbs, resources = [] }: Rule): string => `${verbs.join(", ")} ${resources.join(", ")}`;

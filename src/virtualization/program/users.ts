import type * as pulumi from "@pulumi/pulumi";
import type { VirtualizationUsers } from "../../config/index.ts";
import { IdentityProvider } from "../resources/sdk.ts";
import type { Day2 } from "./context.ts";

const NAMESPACE = "openshift-config";
const RBAC = "rbac.authorization.k8s.io";

/** Logins by htpasswd, and what those users may do: OpenShift's own login stays, with kubeadmin. */
export function users(day2: Day2, { identityProvider, htpasswd, clusterAdmins, roles }: VirtualizationUsers): void {
  const secretName = `htpasswd-${identityProvider.toLowerCase().replaceAll(/[^a-z0-9-]/g, "-")}`;
  const secret = day2.apply("htpasswd", {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: secretName, namespace: NAMESPACE },
    type: "Opaque",
    data: { htpasswd: Buffer.from(htpasswd).toString("base64") },
  });
  const provider = new IdentityProvider("identity-provider", { ...day2.cluster, name: identityProvider, secretName }, day2.after(secret));
  for (const user of clusterAdmins) bind(day2, provider, "ClusterRoleBinding", `virt-ipi-cluster-admin-${user}`, user, "cluster-admin");
  for (const { user, namespace, role } of roles) bind(day2, provider, "RoleBinding", `virt-ipi-${role}-${user}`, user, role, namespace);
}

function bind(day2: Day2, after: pulumi.Resource, kind: string, name: string, user: string, role: string, namespace?: string): void {
  day2.apply(
    `${kind}/${namespace === undefined ? "" : `${namespace}/`}${name}`,
    {
      apiVersion: `${RBAC}/v1`,
      kind,
      metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
      roleRef: { apiGroup: RBAC, kind: "ClusterRole", name: role },
      subjects: [{ apiGroup: RBAC, kind: "User", name: user }],
    },
    after,
  );
}

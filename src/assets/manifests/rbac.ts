import type { KubernetesObject, Manifest } from "./manifest.ts";

/**
 * What nodes may do beyond Kubernetes' defaults: ask for a first certificate with the bootstrap client, and have the
 * renewal of their own approved without us. First certificates are approved by the installer alone.
 * Source: kubernetes.io/docs/reference/access-authn-authz/kubelet-tls-bootstrapping
 */
export function nodeRbac(): Manifest {
  return {
    path: "manifests/node-rbac.yaml",
    objects: [
      bindGroup("virt-ipi:node-bootstrapper", "system:bootstrappers", "system:node-bootstrapper"),
      bindGroup("virt-ipi:node-certificate-renewal", "system:nodes", "system:certificates.k8s.io:certificatesigningrequests:selfnodeclient"),
    ],
  };
}

function bindGroup(name: string, group: string, role: string): KubernetesObject {
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: group }],
  };
}

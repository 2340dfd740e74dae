import type { PlatformAssetInput, PlatformManifest } from "../../openshift-platform.ts";
import type { VSpherePlatformSpec } from "../spec.ts";

const NAMESPACE = "kube-system";
const NAME = "vsphere-creds";

/** The accounts that the cluster's operators log in to the vCenters with, and who may read them. */
export function credentials({ spec }: PlatformAssetInput): readonly PlatformManifest[] {
  const { vcenters } = spec.platform as VSpherePlatformSpec;
  const data = vcenters.flatMap(({ server, user, password }) => [
    [`${server}.username`, base64(user)],
    [`${server}.password`, base64(password)],
  ]);
  return [
    {
      path: "openshift/99_cloud-creds-secret.yaml",
      isText: true,
      object: { apiVersion: "v1", kind: "Secret", metadata: { name: NAME, namespace: NAMESPACE }, data: Object.fromEntries(data) as object },
    },
    {
      path: "openshift/99_role-cloud-creds-secret-reader.yaml",
      isText: true,
      object: {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "Role",
        metadata: { name: `${NAME}-secret-reader`, namespace: NAMESPACE },
        rules: [{ apiGroups: [""], resources: ["secrets"], resourceNames: [NAME], verbs: ["get"] }],
      },
    },
  ];
}

const base64 = (text: string): string => Buffer.from(text).toString("base64");

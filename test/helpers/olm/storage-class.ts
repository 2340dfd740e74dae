import type { KubeApi } from "./kube-api.ts";

/** The cluster's default StorageClass. Nothing is ever provisioned from it. */
export async function addStorageClass(api: KubeApi, name: string): Promise<void> {
  await api.create("/apis/storage.k8s.io/v1/storageclasses", {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name, annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
    provisioner: "test.virt-ipi/none",
  });
}

import { redactInstallConfig } from "../../config/index.ts";
import type { Manifest } from "./manifest.ts";

/** ConfigMap `kube-system/cluster-config-v1`: the install-config without its secrets, as OpenShift keeps it in the cluster. */
export function clusterConfig(installConfig: string): Manifest {
  const data = { "install-config": redactInstallConfig(installConfig) };
  return {
    path: "manifests/cluster-config.yaml",
    objects: [{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "cluster-config-v1", namespace: "kube-system" }, data }],
  };
}

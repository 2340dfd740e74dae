import type { KubeApi } from "./kube-api.ts";
import type { KubeControlPlane, KubeProgram } from "../kube-control-plane.ts";
import { renderStages, type Stage } from "./stages.ts";

/**
 * @plays nodes and pods (kwok, a real program)
 * @contract a pod goes from Pending to Running, or cannot pull its image; nodes are ready
 * @because clusters of operators without machines, in seconds
 * @real test/e2e
 */

/** A node for kwok to play. @param labels besides those that each has */
export async function makeNode(api: KubeApi, name: string, labels: Readonly<Record<string, string>>): Promise<void> {
  const own = { "kubernetes.io/hostname": name, "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64" };
  await api.create("/api/v1/nodes", { apiVersion: "v1", kind: "Node", metadata: { name, labels: { ...own, ...labels } }, spec: {} });
  // The API server taints new nodes as not ready; the controller that takes this away wants heartbeats.
  await api.patch(`/api/v1/nodes/${name}`, { spec: { taints: null } });
}

/** All nodes have /dev/kvm from now on, or none has. */
export async function setKvm(api: KubeApi, present: boolean): Promise<void> {
  const resources = { "devices.kubevirt.io/kvm": present ? "1k" : null };
  for (const { metadata } of await api.list("/api/v1/nodes"))
    await api.patch(`/api/v1/nodes/${metadata.name}/status`, { status: { capacity: resources, allocatable: resources } });
}

/**
 * kwok with some rules.
 * @param name of the program, its configuration and its log
 * @param nodes whether it plays nodes and pods: where its rules say nothing of them it has some of its own, by which a Job is done at once
 */
export async function startKwok(cluster: KubeControlPlane, name: string, stages: readonly Stage[], nodes = true): Promise<KubeProgram> {
  const config = await cluster.file(`${name}.yaml`, renderStages(stages));
  const kubeconfig = await cluster.file(`${name}.kubeconfig`, cluster.kubeconfig);
  return cluster.run(name, "kwok", [
    `--kubeconfig=${kubeconfig}`,
    `--config=${config}`,
    // It refuses to run for none at all.
    ...(nodes ? ["--manage-all-nodes=true"] : ["--manage-all-nodes=false", "--manage-nodes-with-label-selector=test.virt-ipi/none"]),
    "--node-port=0",
    "--node-lease-duration-seconds=0",
    "--node-ip=10.250.0.1",
    "--cidr=10.251.0.0/16",
  ]);
}

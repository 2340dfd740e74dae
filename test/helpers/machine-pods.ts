import type { MachineNamespace } from "./machine-api.ts";

/** Pods on Nodes without a kubelet. */

/** 404 for one that is not there. */
export const podStatus = async (machines: MachineNamespace, name: string): Promise<number> =>
  (await machines.kube.request("GET", `/api/v1/namespaces/default/pods/${name}`)).status;

export interface PodOptions {
  readonly labels?: Readonly<Record<string, string>>;
  readonly volumes?: readonly object[];
  readonly terminationGracePeriodSeconds?: number;
  readonly ownerReferences?: readonly object[];
}

/** A pod that runs on the Node, as its kubelet would say; without one it ends at once when it is evicted, unless it has a grace period. */
export async function createPod(machines: MachineNamespace, name: string, node: string, options: PodOptions = {}): Promise<void> {
  const { labels = {}, ownerReferences = [], volumes = [], terminationGracePeriodSeconds = 0 } = options;
  const pods = "/api/v1/namespaces/default/pods";
  await machines.kube.create(pods, {
    metadata: { name, labels, ownerReferences },
    spec: {
      nodeName: node,
      terminationGracePeriodSeconds,
      automountServiceAccountToken: false,
      volumes,
      containers: [{ name: "main", image: "registry.example.com/app:1" }],
    },
  });
  await machines.patch(`${pods}/${name}/status`, { status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] } });
}

/** As `createPod`, with an owner that no drain takes pods from. */
export async function createDaemonPod(machines: MachineNamespace, name: string, node: string): Promise<void> {
  const labels = { app: name };
  const template = { metadata: { labels }, spec: { containers: [{ name: "main", image: "registry.example.com/app:1" }] } };
  const set = (await machines.kube.create("/apis/apps/v1/namespaces/default/daemonsets", {
    metadata: { name },
    spec: { selector: { matchLabels: labels }, template },
  })) as { metadata: { uid: string } };
  const owner = { apiVersion: "apps/v1", kind: "DaemonSet", name, uid: set.metadata.uid, controller: true };
  await createPod(machines, name, node, { labels, ownerReferences: [owner] });
}

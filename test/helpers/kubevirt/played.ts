import type { KubeApi } from "../olm/kube-api.ts";
import { pathOf, type KubeObject } from "../olm/objects.ts";
import { NODE_STAGES, podStarts, type Match, type Stage } from "../olm/stages.ts";
import { definition, operatorManifest } from "../operator-manifest.ts";
import { NAMESPACE, RUN } from "./processes.ts";

/**
 * @plays virt-handler, beside KubeVirt's own operator, API server and controller
 * @contract label and heartbeat of each node on which its pod runs
 * @because it needs a node of its own
 * @real test/nightly/kubevirt-vm.test.ts
 */
/**
 * @plays CDI's operator, in the tests of KubeVirt's own
 * @contract phase, versions and conditions of the CDI resource, as CDI 1.64's own writes them
 * @because KubeVirt is what they are about
 * @real test/nightly/cdi.test.ts
 */

/** What of a cluster with KubeVirt runs no program: pods, nodes, virt-handler and CDI. */

const isJob = '.metadata.labels["batch.kubernetes.io/job-name"]';
const program = (operator: "In" | "NotIn"): Match => ({ key: `.metadata.labels["kubevirt.io"]`, operator, values: RUN });
/** Pods of Jobs run as processes, and end with them; those of KubeVirt's Deployments are ready when theirs are. */
export const POD_STAGES: readonly Stage[] = [
  ...NODE_STAGES.filter(({ name }) => name !== "pod-ready"),
  podStarts("pod-ready", [{ key: isJob, operator: "DoesNotExist" }, program("NotIn")], true),
  podStarts("pod-runs", [program("In")], false),
];

const CDI = "cdi.kubevirt.io";
/** Objects of CDI that KubeVirt's programs look at once there are some of its kinds. */
export const playedCdi = (): readonly object[] =>
  operatorManifest("cdi", "cdi-operator", [
    definition(CDI, "v1beta1", "CDI", "Cluster"),
    definition(CDI, "v1beta1", "CDIConfig", "Cluster"),
    definition(CDI, "v1beta1", "StorageProfile", "Cluster"),
    definition(CDI, "v1beta1", "DataVolume", "Namespaced"),
    definition(CDI, "v1beta1", "DataSource", "Namespaced"),
  ]);

const deployed = {
  phase: "Deployed",
  observedVersion: "v1",
  operatorVersion: "v1",
  targetVersion: "v1",
  conditions: [
    { type: "Available", status: "True", reason: "DeployCompleted", message: "Deployment Completed" },
    { type: "Progressing", status: "False" },
    { type: "Degraded", status: "False" },
  ],
};

interface Pod extends KubeObject {
  readonly spec: { readonly nodeName?: string };
  readonly status: { readonly phase: string };
}

/** A round of what CDI's operator reports. */
export async function playCdi(api: KubeApi): Promise<void> {
  for (const { metadata, status } of await api.list<KubeObject & { readonly status?: { readonly phase?: string } }>(pathOf(CDI, "v1beta1", "cdis")))
    if (status?.phase !== "Deployed") await api.patch(`${pathOf(CDI, "v1beta1", "cdis")}/${metadata.name}/status`, { status: deployed });
}

/** A round of what each node's virt-handler reports. Source: kubevirt pkg/virt-handler/heartbeat */
export async function playHandlers(api: KubeApi): Promise<void> {
  const pods = await api.list<Pod>(`${pathOf("", "v1", "pods", NAMESPACE)}?labelSelector=kubevirt.io%3Dvirt-handler`);
  const handled = new Set(pods.filter(({ status }) => status.phase === "Running").map(({ spec }) => spec.nodeName));
  for (const { metadata } of await api.list("/api/v1/nodes")) {
    const schedulable = String(handled.has(metadata.name));
    if ((metadata.labels?.["kubevirt.io/schedulable"] ?? "false") === schedulable) continue;
    await api.patch(`/api/v1/nodes/${metadata.name}`, {
      metadata: {
        labels: { "kubevirt.io/schedulable": schedulable },
        annotations: { "kubevirt.io/heartbeat": new Date().toISOString().replace(/\.\d+/, "") },
      },
    });
  }
}

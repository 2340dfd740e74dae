import { condition, CSV, type FakeCluster, NS } from "../../../helpers/virtualization.ts";

/** Brings one sign of a failure into a cluster that is well. */
export type Stage = (cluster: FakeCluster) => void;

export const subscription =
  (type: string, message: string, reason = ""): Stage =>
  (it) =>
    void it.change("subscriptions", "hco-operatorhub", { status: { conditions: [condition(type, "True", reason, message)] } });
export const csv =
  (phase: string, reason: string, message = "", more: object = {}): Stage =>
  (it) =>
    void it.change("clusterServiceVersions", CSV, { status: { phase, reason, message, ...more } });
export const pod =
  (name: string, status: object, labels: object = {}, namespace = NS): Stage =>
  (it) =>
    void it.put("pods", name, { metadata: { labels }, status }, namespace);
export const waiting = (reason: string, message = "", last = {}): object => ({
  phase: "Pending",
  containerStatuses: [{ name: "manager", image: "quay.io/kubevirt/x:v1", state: { waiting: { reason, message } }, lastState: { terminated: last } }],
});
export const claim =
  (spec: object, name = "boot"): Stage =>
  (it) =>
    void it.put("persistentVolumeClaims", name, { metadata: { labels: { "cdi.kubevirt.io": "" } }, spec, status: { phase: "Pending" } }, "vms");
export const managed =
  (kind: "deployments" | "daemonSets", name: string, fields: object, by = "virt-operator"): Stage =>
  (it) =>
    void it.put(kind, name, { metadata: { labels: { "app.kubernetes.io/managed-by": by } }, ...fields }, NS);
export const all =
  (...stages: readonly Stage[]): Stage =>
  (it) =>
    stages.forEach((stage) => stage(it));

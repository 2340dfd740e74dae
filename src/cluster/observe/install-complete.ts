import { CORE_KINDS, deploymentReason } from "../../kube/index.ts";
import type { V1Deployment, V1Node } from "@kubernetes/client-node";
import { apiStage } from "./bootstrap-complete.ts";
import { csrStage } from "./csr-stage.ts";
import { systemClock } from "../../util/index.ts";
import { silentKubelets } from "./kubelets.ts";
import { isReady, missingNodes, notReadyReason, readNodes } from "./nodes.ts";
import { waitForStages, type Stage, type WaitOptions, type WaitResult } from "./wait.ts";

/** Longer than our controller managers take to find a node lost: 50 s, and 180 s where there is no acceleration. */
const LOST_AFTER_MS = 240_000;

/**
 * Waits until the cluster is ready: the API answers at the address of `connect` (the VIP), every machine is a Ready
 * node whose kubelet answers the API server (CSRs are approved here), CoreDNS is available and the default ServiceAccount exists.
 * @throws the signal's reason when aborted
 */
export function waitForInstallComplete(options: WaitOptions): Promise<WaitResult> {
  return waitForStages(installStages(options), options);
}

/** The stages of the installation after bootstrapping, in their order. */
export function installStages(options: WaitOptions): readonly Stage[] {
  const machines = options.machines.filter((machine) => machine.role !== "bootstrap");
  const notSeenLost = lostNodeWatch(options);
  return [
    apiStage,
    csrStage(options, ["control-plane", "compute"]),
    {
      name: "nodes",
      check: async (client, signal) => {
        const nodes = await readNodes(client, signal);
        const before = notSeenLost(nodes);
        if (before.length > 0) return `nodes still Ready from before their machines were created again: ${before.join(", ")}`;
        const missing = missingNodes(machines, nodes);
        if (missing.length > 0) return `nodes not registered yet: ${missing.join(", ")}`;
        const ours = new Set(machines.map((machine) => machine.name));
        const reasons = nodes.filter((node) => ours.has(node.metadata?.name ?? "")).flatMap((node) => notReadyReason(node) ?? []);
        if (reasons.length > 0) return `nodes not Ready: ${reasons.join("; ")}`;
        const silent = await silentKubelets(client, [...ours], signal);
        return silent.length === 0 ? undefined : `kubelets that do not answer the API server: ${silent.join("; ")}`;
      },
    },
    {
      name: "workloads",
      check: async (client, signal) =>
        deploymentReason(
          "kube-system/coredns",
          await client.read<V1Deployment>(CORE_KINDS.deployments, { namespace: "kube-system", name: "coredns" }, signal),
        ),
    },
    {
      name: "workloads",
      check: async (client, signal) =>
        (await client.read(CORE_KINDS.serviceAccounts, { namespace: "default", name: "default" }, signal)) === undefined
          ? "the controller manager has not created ServiceAccount default/default yet"
          : undefined,
    },
  ];
}

/**
 * Machines that were created again whose nodes say Ready, and may do so from before: the control plane takes a while to notice that a kubelet
 * is gone. Once a node was seen otherwise, or after that while, it counts like any other.
 */
function lostNodeWatch({ remade = new Set(), clock = systemClock }: WaitOptions): (nodes: readonly V1Node[]) => readonly string[] {
  const waiting = new Set(remade);
  let began: number | undefined;
  return (nodes) => {
    const now = clock.now().getTime();
    began ??= now;
    const ready = new Set(nodes.flatMap((node) => (isReady(node) ? (node.metadata?.name ?? "") : [])));
    for (const name of waiting) if (!ready.has(name) || now - began >= LOST_AFTER_MS) waiting.delete(name);
    return [...waiting];
  };
}

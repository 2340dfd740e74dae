import type { V1ConfigMap } from "@kubernetes/client-node";
import { CORE_KINDS, type KubeClient } from "../../kube/index.ts";
import { csrStage } from "./csr-stage.ts";
import { missingNodes, readNodes } from "./nodes.ts";
import { waitForStages, type Stage, type WaitOptions, type WaitResult } from "./wait.ts";

/** What the bootstrap machine writes into ConfigMap `kube-system/bootstrap`, key `status`; in this order. */
export const BOOTSTRAP_STATUSES = ["started", "etcd-joined", "api-on-control-plane", "complete"] as const;
export type BootstrapStatus = (typeof BOOTSTRAP_STATUSES)[number];

const WAITING_FOR: Record<Exclude<BootstrapStatus, "complete">, string> = {
  started: "control-plane machines to join etcd",
  "etcd-joined": "the API server of a control-plane machine",
  "api-on-control-plane": "the bootstrap machine to leave etcd",
};

/**
 * Waits until the control plane lives without the bootstrap machine: API answers, every control-plane node is
 * registered (their CSRs are approved here), and ConfigMap `kube-system/bootstrap` says `complete`.
 * A lost API in the middle is a reason, not an error.
 * @throws the signal's reason when aborted
 */
export function waitForBootstrapComplete(options: WaitOptions): Promise<WaitResult> {
  return waitForStages(bootstrapStages(options), options);
}

/** The stages of bootstrapping, in their order. */
export function bootstrapStages(options: WaitOptions): readonly Stage[] {
  const controlPlane = options.machines.filter((machine) => machine.role === "control-plane");
  return [
    apiStage,
    csrStage(options, ["control-plane"]),
    {
      name: "nodes",
      check: async (client, signal) => {
        const missing = missingNodes(controlPlane, await readNodes(client, signal));
        return missing.length === 0 ? undefined : `control-plane nodes not registered yet: ${missing.join(", ")}`;
      },
    },
    { name: "etcd", check: async (client, signal) => etcdReason(await reportOf(client, signal)) },
    { name: "bootstrap", check: async (client, signal) => bootstrapReason(await reportOf(client, signal)) },
  ];
}

/** What the bootstrap machine reports. */
const reportOf = (client: KubeClient, signal: AbortSignal | undefined): Promise<V1ConfigMap | undefined> =>
  client.read<V1ConfigMap>(CORE_KINDS.configMaps, { namespace: "kube-system", name: "bootstrap" }, signal);

/** The API server answers and says that it is ready. */
export const apiStage: Stage = {
  name: "api",
  check: async (client, signal) => {
    await client.readyz(signal);
    return undefined;
  },
};

/** Why the control-plane machines are not members of etcd yet, or undefined when they are. */
export function etcdReason(configMap: V1ConfigMap | undefined): string | undefined {
  const status = configMap?.data?.["status"] ?? "";
  const joined = BOOTSTRAP_STATUSES.slice(BOOTSTRAP_STATUSES.indexOf("etcd-joined"));
  return joined.some((each) => each === status) ? undefined : bootstrapReason(configMap);
}

/** Why bootstrapping is not complete by its ConfigMap, or undefined when it is. */
export function bootstrapReason(configMap: V1ConfigMap | undefined): string | undefined {
  if (configMap === undefined) return "the bootstrap machine has not reported yet (no ConfigMap kube-system/bootstrap)";
  const { status = "", message = "" } = configMap.data ?? {};
  if (status === "complete") return undefined;
  const said = message === "" ? "" : `: ${message}`;
  if (!isProgress(status)) return `the bootstrap machine reports "${status}"${said}`;
  return `bootstrap is at "${status}", waiting for ${WAITING_FOR[status]}${said}`;
}

function isProgress(status: string): status is Exclude<BootstrapStatus, "complete"> {
  return status in WAITING_FOR;
}

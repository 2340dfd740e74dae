import type { V1Node } from "@kubernetes/client-node";
import { CORE_KINDS, type KubeClient } from "../../kube/index.ts";
import type { ClusterMachine } from "./machine.ts";

/** One line of `virt-ipi status`. */
export interface NodeSummary {
  readonly name: string;
  readonly role: "control-plane" | "compute";
  /** `missing`: the machine has not registered as a node. `unknown`: a node that is none of our machines. */
  readonly state: "ready" | "not-ready" | "missing" | "unknown";
  /** Why it is not ready, as kubelet or the node controller says. */
  readonly reason?: string;
  readonly unschedulable: boolean;
  readonly kubeletVersion?: string;
  readonly addresses: readonly string[];
}

/** All nodes there are. @throws what `explainApiError` understands */
export const readNodes = async (client: KubeClient, signal?: AbortSignal): Promise<readonly V1Node[]> =>
  (await client.list<V1Node>(CORE_KINDS.nodes, undefined, signal)) ?? [];

/** All machines with the state of their nodes, then the nodes that are no machine of this cluster. */
export function summarizeNodes(machines: readonly ClusterMachine[], nodes: readonly V1Node[]): readonly NodeSummary[] {
  const byName = new Map(nodes.map((node) => [nameOf(node), node]));
  const own = machines.filter((machine) => machine.role !== "bootstrap");
  const names = new Set(own.map((machine) => machine.name));
  const summaries = own.map((machine): NodeSummary => {
    const node = byName.get(machine.name);
    const role = machine.role === "control-plane" ? "control-plane" : "compute";
    if (node === undefined) return { name: machine.name, role, state: "missing", reason: "not registered", unschedulable: false, addresses: [] };
    return describe(node, role, isReady(node) ? "ready" : "not-ready");
  });
  const foreign = nodes.filter((node) => !names.has(nameOf(node)));
  return [...summaries, ...foreign.map((node) => describe(node, isControlPlane(node) ? "control-plane" : "compute", "unknown"))];
}

/** Names of the machines that have no node, in the machines' order. */
export function missingNodes(machines: readonly ClusterMachine[], nodes: readonly V1Node[]): readonly string[] {
  const registered = new Set(nodes.map(nameOf));
  return machines.map((machine) => machine.name).filter((name) => !registered.has(name));
}

/** `<name>: <why>` for a node that is not Ready, else undefined. */
export function notReadyReason(node: V1Node): string | undefined {
  if (isReady(node)) return undefined;
  const ready = readyCondition(node);
  const said = ready?.message ?? ready?.reason ?? "";
  return `${nameOf(node)}: ${said === "" ? "kubelet has not reported yet" : said}`;
}

export function isReady(node: V1Node): boolean {
  return readyCondition(node)?.status === "True";
}

/** Since when it has been Ready or not. */
export function readySince(node: V1Node): Date | undefined {
  const time = readyCondition(node)?.lastTransitionTime;
  return time === undefined ? undefined : new Date(time);
}

/** IP addresses that the node reports. */
function addressesOf(node: V1Node): readonly string[] {
  return (node.status?.addresses ?? []).filter(({ type }) => type === "InternalIP" || type === "ExternalIP").map(({ address }) => address);
}

const nameOf = (node: V1Node): string => node.metadata?.name ?? "";
const readyCondition = (node: V1Node) => node.status?.conditions?.find(({ type }) => type === "Ready");
const isControlPlane = (node: V1Node): boolean => "node-role.kubernetes.io/control-plane" in (node.metadata?.labels ?? {});

function describe(node: V1Node, role: NodeSummary["role"], state: NodeSummary["state"]): NodeSummary {
  const reason = notReadyReason(node)?.slice(nameOf(node).length + 2);
  const kubeletVersion = node.status?.nodeInfo?.kubeletVersion;
  return {
    name: nameOf(node),
    role,
    state,
    ...(reason === undefined ? {} : { reason }),
    unschedulable: node.spec?.unschedulable ?? false,
    ...(kubeletVersion === undefined ? {} : { kubeletVersion }),
    addresses: addressesOf(node),
  };
}

import { at, conditionOf, listAt, nameOf, type KubeClient, type KubeObject, textAt } from "../../kube/index.ts";
import type { Probe } from "../../util/index.ts";
import { isSchedulable, KINDS, podTrouble } from "../observe/index.ts";
import { VM } from "./objects.ts";

/** What a step found: done, not yet, or `failed`: it will not come. */
export type Check = (client: KubeClient, signal: AbortSignal | undefined) => Promise<Probe<string> | { readonly failed: string }>;

/** States that do not pass by themselves. Source: kubevirt.io/v1 VirtualMachinePrintableStatus */
const BAD_STATES: ReadonlySet<string> = new Set(["ErrImagePull", "ImagePullBackOff", "ErrorPvcNotFound", "DataVolumeError", "CrashLoopBackOff"]);

export const someNode: Check = async (client, signal) => {
  const nodes = ((await client.list(KINDS.nodes, undefined, signal)) ?? []).filter(isSchedulable).map(nameOf);
  return nodes.length > 0 ? { done: true, value: nodes.join(", ") } : { done: false, reason: "no node is marked kubevirt.io/schedulable=true" };
};

export const booted =
  (namespace: string): Check =>
  async (client, signal) => {
    const machine = await client.read(KINDS.virtualMachines, { namespace, name: VM }, signal);
    const state = textAt(machine, "status", "printableStatus");
    const instance = await client.read(KINDS.virtualMachineInstances, { namespace, name: VM }, signal);
    if (conditionOf(instance, "Ready")?.status === "True" && textAt(instance, "status", "phase") === "Running") {
      const address = textAt(instance, "status", "interfaces", 0, "ipAddress");
      return { done: true, value: `on ${textAt(instance, "status", "nodeName")}${address === "" ? "" : `, ${address}`}` };
    }
    const why = [conditionOf(machine, "Ready"), conditionOf(instance, "PodScheduled"), conditionOf(instance, "Ready")]
      .map((condition) => condition?.message ?? "")
      .find((message) => message !== "");
    const reason = `the machine is ${state === "" ? "not taken up yet" : state}${why === undefined ? "" : `: ${why}`}`;
    return BAD_STATES.has(state) ? { failed: reason } : { done: false, reason };
  };

export const agentConnected =
  (namespace: string): Check =>
  async (client, signal) => {
    const instance = await client.read(KINDS.virtualMachineInstances, { namespace, name: VM }, signal);
    if (conditionOf(instance, "AgentConnected")?.status !== "True") return { done: false, reason: "the guest agent has not connected" };
    return { done: true, value: textAt(instance, "status", "guestOSInfo", "prettyName") || "connected" };
  };

/** The first pod in this phase in which the machine runs, or is to run. */
async function launcherPod(client: KubeClient, namespace: string, phase: string, signal: AbortSignal | undefined): Promise<KubeObject | undefined> {
  const pods = (await client.list(KINDS.pods, namespace, signal)) ?? [];
  return pods.find((pod) => pod.metadata?.labels?.["vm.kubevirt.io/name"] === VM && textAt(pod, "status", "phase") === phase);
}

/** @param text that the guest writes */
export const consoleLine =
  (namespace: string, text: string): Check =>
  async (client, signal) => {
    const pod = await launcherPod(client, namespace, "Running", signal);
    if (pod === undefined) return { done: false, reason: "its virt-launcher pod does not run" };
    const log = await client.get(
      `/api/v1/namespaces/${namespace}/pods/${nameOf(pod)}/log?container=guest-console-log&tailLines=5000&limitBytes=2000000`,
      signal,
    );
    const line = log.split("\n").find((one) => one.includes(text));
    return line === undefined ? { done: false, reason: `"${text}" is not on the console` } : { done: true, value: line.trim() };
  };

/** @param before uid of the instance that was @param text that the guest writes at each boot */
export const restarted =
  (namespace: string, text: string, before: () => string): Check =>
  async (client, signal) => {
    const instance = await client.read(KINDS.virtualMachineInstances, { namespace, name: VM }, signal);
    if (textAt(instance, "metadata", "uid") === before()) return { done: false, reason: "the machine has not stopped" };
    const boot = await booted(namespace)(client, signal);
    if ("failed" in boot || !boot.done) return boot;
    const line = await consoleLine(namespace, text)(client, signal);
    return "failed" in line || !line.done ? line : boot;
  };

export const volumeReady =
  (namespace: string, name: string): Check =>
  async (client, signal) => {
    const volume = await client.read(KINDS.dataVolumes, { namespace, name }, signal);
    const phase = textAt(volume, "status", "phase");
    if (phase === "Succeeded") return { done: true, value: textAt(volume, "status", "progress") || "Succeeded" };
    const why = ["Running", "Bound"].map((type) => conditionOf(volume, type)?.message ?? "").find((message) => message !== "");
    const reason = `the DataVolume is ${phase === "" ? "not taken up yet" : phase} ${textAt(volume, "status", "progress")}${why === undefined ? "" : `: ${why}`}`;
    return phase === "Failed" ? { failed: reason } : { done: false, reason };
  };

export const migrated =
  (namespace: string): Check =>
  async (client, signal) => {
    const instance = await client.read(KINDS.virtualMachineInstances, { namespace, name: VM }, signal);
    const found = await client.read(KINDS.migrations, { namespace, name: VM }, signal);
    const phase = textAt(found, "status", "phase");
    const [from, to] = ["sourceNode", "targetNode"].map((key) => textAt(instance, "status", "migrationState", key));
    if (phase === "Succeeded") return { done: true, value: `from ${from} to ${textAt(instance, "status", "nodeName") || to}` };
    const why = textAt(instance, "status", "migrationState", "failureReason");
    if (phase === "Failed") return { failed: `the migration failed${why === "" ? "" : `: ${why}`}` };
    const held = await heldTarget(client, namespace, signal);
    return { done: false, reason: `the migration is ${phase === "" ? "not taken up yet" : phase}${held === undefined ? "" : `: ${held}`}` };
  };

/** A processor's model or feature among KubeVirt's labels of a node, by which it takes over machines. Source: kubevirt.io/v1, types.go */
const PROCESSOR_LABEL = /^(?:cpu-model-migration|cpu-model|cpu-feature|host-model-required-features)\.node\.kubevirt\.io\/(.+)$/;

/** Why the pod into which a machine is to move does not run. */
async function heldTarget(client: KubeClient, namespace: string, signal: AbortSignal | undefined): Promise<string | undefined> {
  const pod = await launcherPod(client, namespace, "Pending", signal);
  const trouble = pod === undefined ? undefined : podTrouble(pod);
  if (trouble?.id !== "VIRT_POD_UNSCHEDULABLE") return trouble?.message;
  const nodes = ((await client.list(KINDS.nodes, undefined, signal)) ?? []).filter(isSchedulable);
  const wanted = Object.keys((at(pod, "spec", "nodeSelector") as object | undefined) ?? {});
  const absent = wanted.filter((label) => nodes.every(({ metadata }) => metadata?.labels?.[label] === undefined));
  const processor = absent.flatMap((label) => PROCESSOR_LABEL.exec(label)?.[1] ?? []);
  return processor.length === 0
    ? trouble.message
    : `no node takes over machines of the processor ${processor.join(", ")}: name another cpuModel in the KubeVirt resource's configuration`;
}

/** Why the machine cannot be migrated at all; undefined if it can. */
export async function migrationObstacle(client: KubeClient, namespace: string, signal: AbortSignal | undefined): Promise<string | undefined> {
  const nodes = ((await client.list(KINDS.nodes, undefined, signal)) ?? []).filter(isSchedulable);
  if (nodes.length < 2) return `there is ${nodes.length} node that runs machines, and it takes two`;
  const instance = await client.read(KINDS.virtualMachineInstances, { namespace, name: VM }, signal);
  const condition = conditionOf(instance, "LiveMigratable");
  return condition?.status === "False" ? `${condition.reason}: ${condition.message}` : undefined;
}

export const gone =
  (namespace: string): Check =>
  async (client, signal) => {
    const found = await client.read(KINDS.namespaces, { name: namespace }, signal);
    if (found === undefined) return { done: true, value: `namespace ${namespace} is gone` };
    const why = listAt(found, "status", "conditions").map((condition) => textAt(condition, "message"));
    return { done: false, reason: `namespace ${namespace} is still there${why.length === 0 ? "" : `: ${why.join("; ")}`}` };
  };

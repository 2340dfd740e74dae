import { at, type KubeObject, nameOf, type KubeClient, textAt, type Look } from "../../../kube/index.ts";
import { hasVirtualizationDevice, isSchedulable } from "../diagnose/nodes.ts";
import { KINDS } from "../kinds.ts";
import { componentReady } from "./operands.ts";

export interface Acceleration {
  /** Nodes whose virtual machines have hardware help. */
  readonly accelerated: readonly string[];
  /** Nodes that can only emulate. */
  readonly others: readonly string[];
  readonly emulation: boolean;
}

const ANNOTATION = "kubevirt.kubevirt.io/jsonpatch";
const PATH = "/spec/configuration/developerConfiguration/useEmulation";

export interface AccelerationWanted {
  readonly mode: "Auto" | "On" | "Off";
  /** Where KubeVirt's settings are made: HyperConverged writes KubeVirt's own spec again and again. */
  readonly owner: { readonly kind: "HyperConverged" | "KubeVirt"; readonly namespace: string; readonly name: string };
}

/**
 * The nodes have reported whether they have /dev/kvm, and software emulation is on or off accordingly. KubeVirt still prefers
 * /dev/kvm where there is one. Source: kubevirt docs/software-emulation.md
 */
export function accelerationSettled({ mode, owner }: AccelerationWanted): Look<Acceleration> {
  return async (client, signal) => {
    const nodes = ((await client.list(KINDS.nodes, undefined, signal)) ?? []).filter(isSchedulable);
    // What was asked for needs no look at the nodes; the answer does.
    if (mode === "On") await setEmulation(client, owner, true, signal);
    if (nodes.length === 0) return { done: false, reason: "virt-handler has marked no node as kubevirt.io/schedulable yet" };
    const [accelerated, others] = [nodes.filter(hasVirtualizationDevice), nodes.filter((node) => !hasVirtualizationDevice(node))].map((list) =>
      list.map(nameOf),
    ) as [string[], string[]];
    if (mode === "Off" && accelerated.length === 0) return { done: false, reason: `no node has /dev/kvm: ${others.join(", ")}` };
    const emulation = mode === "On" || (mode === "Auto" && accelerated.length === 0);
    await setEmulation(client, owner, emulation, signal);
    const running = await emulationIsOn(client, owner.namespace, signal);
    if (running !== emulation) return { done: false, reason: `KubeVirt has not switched emulation ${emulation ? "on" : "off"} yet` };
    if (owner.kind === "KubeVirt") {
      // It deploys itself again for the change.
      const ready = await componentReady(KINDS.kubeVirts, owner)(client, signal);
      if (!ready.done) return ready;
    }
    return { done: true, value: { accelerated, others, emulation } };
  };
}

async function setEmulation(client: KubeClient, owner: AccelerationWanted["owner"], on: boolean, signal: AbortSignal | undefined): Promise<void> {
  const kind = owner.kind === "KubeVirt" ? KINDS.kubeVirts : KINDS.hyperConvergeds;
  const found = await client.read(kind, owner, signal);
  if (found === undefined) return;
  if (owner.kind === "KubeVirt") {
    const now = at(found, "spec", "configuration", "developerConfiguration", "useEmulation") === true;
    if (now !== on) await client.patch(kind, owner, { spec: { configuration: { developerConfiguration: { useEmulation: on } } } }, signal);
    return;
  }
  const before = found.metadata?.annotations?.[ANNOTATION];
  const after = withEmulation(before, on);
  if (after !== before) await client.patch(kind, owner, { metadata: { annotations: { [ANNOTATION]: after ?? null } } }, signal);
}

/** The annotation with or without our operation; those of others stay. Undefined: no annotation. */
export function withEmulation(annotation: string | undefined, on: boolean): string | undefined {
  const operations = operationsOf(annotation).filter((operation) => textAt(operation, "path") !== PATH);
  if (on) operations.push({ op: "add", path: PATH, value: true });
  return operations.length === 0 ? undefined : JSON.stringify(operations);
}

function operationsOf(annotation: string | undefined): object[] {
  if (annotation === undefined) return [];
  try {
    const parsed: unknown = JSON.parse(annotation);
    return Array.isArray(parsed) ? (parsed as object[]) : [];
  } catch {
    // The operator refuses it as well, so nothing of value is lost.
    return [];
  }
}

async function emulationIsOn(client: KubeClient, namespace: string, signal: AbortSignal | undefined): Promise<boolean> {
  const found: readonly KubeObject[] = (await client.list(KINDS.kubeVirts, namespace, signal)) ?? [];
  return found.some((one) => at(one, "spec", "configuration", "developerConfiguration", "useEmulation") === true);
}

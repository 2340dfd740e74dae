import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { poll } from "../../src/util/index.ts";
import { PAUSE_IMAGE } from "../../setup/node-image/context.ts";
import type { MachineSummary } from "../../src/machines/index.ts";
import { ENTRY } from "./cli.ts";
import { kvmInstallation, type Installation } from "./kvm-installation.ts";

const NAMESPACE = "openshift-machine-api";

interface Named {
  readonly metadata: { readonly name: string; readonly uid: string };
}
export interface MachineObject extends Named {
  readonly spec: { readonly providerID?: string };
  readonly status?: {
    readonly phase?: string;
    readonly nodeRef?: { readonly name: string };
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message?: string }[];
  };
}
interface NodeObject extends Named {
  readonly status: { readonly conditions: readonly { readonly type: string; readonly status: string }[] };
}

/** A cluster of real guests whose compute machines the cluster creates itself: what is done to it, and what is seen of it. */
export class MachineSetsCluster {
  readonly one: Installation;
  #controller: ChildProcess | undefined;

  constructor(one: Installation) {
    this.one = one;
  }

  /** @param settings paths of the install-config and their values */
  static async open(settings: Parameters<typeof kvmInstallation>[0] = []): Promise<MachineSetsCluster> {
    const health = { unhealthyTimeout: "1m", nodeStartupTimeout: "30m", maxUnhealthy: "100%" };
    return new MachineSetsCluster(
      await kvmInstallation([[["machineManagement"], "MachineSets"], [["compute", 0, "healthCheck"], health], ...settings]),
    );
  }

  async close(): Promise<void> {
    await this.stopController();
    await this.one.dispose();
  }

  async startController(): Promise<void> {
    this.#controller = spawn("ip", ["netns", "exec", this.one.host.netns, ENTRY, "machine-controller", "run", "--dir", this.one.dir], {
      stdio: "inherit",
    });
    await once(this.#controller, "spawn");
  }

  async stopController(): Promise<void> {
    const running = this.#controller;
    this.#controller = undefined;
    if (running === undefined || running.exitCode !== null) return;
    const ended = once(running, "exit");
    running.kill("SIGINT");
    await ended;
  }

  async infraID(): Promise<string> {
    return (JSON.parse(await readFile(join(this.one.dir, "metadata.json"), "utf8")) as { infraID: string }).infraID;
  }

  async json<T>(...args: readonly string[]): Promise<T> {
    return JSON.parse((await this.one.kubectl([...args, "--output", "json"])).stdout) as T;
  }

  async machines(): Promise<readonly MachineObject[]> {
    return (await this.json<{ items: MachineObject[] }>("get", "machines", "--namespace", NAMESPACE)).items;
  }

  /** What `virt-ipi machines` says of them. */
  async machineSummaries(): Promise<readonly MachineSummary[]> {
    const said = (await this.one.cli(["machines"])).events.find((event) => Array.isArray(event["machines"]));
    return (said as { machines: MachineSummary[] } | undefined)?.machines ?? [];
  }

  /** Names of the nodes of a role that are Ready. */
  async nodes(role: "worker" | "control-plane" = "worker"): Promise<readonly string[]> {
    return (await this.json<{ items: NodeObject[] }>("get", "nodes", "--selector", `node-role.kubernetes.io/${role}`)).items
      .filter(({ status }) => status.conditions.some(({ type, status: is }) => type === "Ready" && is === "True"))
      .map(({ metadata }) => metadata.name)
      .toSorted();
  }

  /** Names of the compute machines that libvirt has. */
  async domains(): Promise<readonly string[]> {
    return (await this.virsh("list", "--all", "--name"))
      .split("\n")
      .filter((name) => name.includes("-worker-"))
      .toSorted();
  }

  /** Takes the virtual machine of a Machine away, as a failure of its host does. */
  async lose(name: string): Promise<void> {
    await this.virsh("destroy", name);
    await this.virsh("undefine", name);
  }

  /** Cuts the virtual machine of a Machine off from its network: it runs on, and nothing is heard of its node. */
  async cutOff(name: string): Promise<void> {
    const [, mac = ""] = /([0-9a-f]{2}(?::[0-9a-f]{2}){5})/.exec(await this.virsh("domiflist", name)) ?? [];
    await this.virsh("domif-setlink", name, mac, "down");
  }

  /** Runs a pod on a node that a PodDisruptionBudget of its name keeps there, until the budget is deleted. */
  async guardedPod(name: string, node: string): Promise<void> {
    const labels = { app: name };
    const containers = [{ name: "main", image: PAUSE_IMAGE, imagePullPolicy: "Never" }];
    const pod = { apiVersion: "v1", kind: "Pod", metadata: { name, labels }, spec: { nodeName: node, hostNetwork: true, containers } };
    const spec = { minAvailable: 1, selector: { matchLabels: labels } };
    const budget = { apiVersion: "policy/v1", kind: "PodDisruptionBudget", metadata: { name }, spec };
    await this.one.kubectl(["apply", "--filename", "-"], JSON.stringify({ apiVersion: "v1", kind: "List", items: [pod, budget] }));
    await this.one.kubectl(["wait", "pod", name, "--for=condition=Ready", "--timeout=240s"]);
    await this.one.kubectl(["wait", "poddisruptionbudget", name, "--for=jsonpath={.status.currentHealthy}=1", "--timeout=60s"]);
  }

  /** All machines of its host, and the cluster's networks and pools: none after a destroy. */
  async left(infraID: string): Promise<readonly string[]> {
    const names = async (command: string): Promise<readonly string[]> =>
      (await this.virsh(command, "--all", "--name")).split("\n").map((line) => line.trim());
    const others = [...(await names("net-list")), ...(await names("pool-list"))].filter((name) => name.includes(infraID));
    return [...(await names("list")).filter((name) => name !== ""), ...others];
  }

  async virsh(...args: readonly string[]): Promise<string> {
    return (await this.one.host.exec(["virsh", ...args])).stdout;
  }

  /** Whether a condition comes true in time; what throws meanwhile is not true yet. */
  async eventually(limitMs: number, condition: () => Promise<boolean>): Promise<boolean> {
    const result = await poll(
      async () => ((await condition().catch(() => false)) ? { done: true as const, value: true } : { done: false as const, reason: "not yet" }),
      { intervalMs: 5_000, timeoutMs: limitMs },
    );
    return result.outcome === "done";
  }
}

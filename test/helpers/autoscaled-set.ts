import { expect } from "vitest";
import { until, type MachineNamespace } from "./machine-api.ts";
import type { NodeGroup, PlayedAutoscaler } from "./played-autoscaler.ts";

export interface AutoscaledSetOptions {
  readonly name: string;
  readonly autoscaler: PlayedAutoscaler;
  readonly machines: MachineNamespace;
  /** Names of the virtual machines of the set that there are. */
  readonly virtualMachines: () => Promise<readonly string[]>;
  /** Of its Machines when they are complete. */
  readonly phase: "Provisioned" | "Running";
}

/** A MachineSet that an autoscaler scales, on any platform: what must hold of it. */
export class AutoscaledSet {
  readonly #options: AutoscaledSetOptions;

  constructor(options: AutoscaledSetOptions) {
    this.#options = options;
  }

  /** It is a node group with its bounds, and with what its machines offer: that is known before there is one. */
  async isGroup(expected: Omit<NodeGroup, "name">): Promise<void> {
    const { autoscaler, name } = this.#options;
    expect(await autoscaler.nodeGroup(name, ({ capacity }) => capacity !== undefined)).toEqual({ name, ...expected });
  }

  /** It gets machines, step by step and then to its most, and no more. */
  async growsToItsMost(by: number): Promise<void> {
    const { autoscaler, name, virtualMachines } = this.#options;
    const { replicas, max } = await autoscaler.nodeGroup(name);
    const added = await autoscaler.increase(name, by);
    expect(added).toBe(Math.min(by, max - replicas));
    await until("the first machines are there", async () => (await virtualMachines()).length === replicas + added);
    expect(await autoscaler.increase(name, max + 2)).toBe(max - replicas - added);
    await until("all machines are there", async () => (await virtualMachines()).length === max);
    expect(await autoscaler.increase(name, 1)).toBe(0);
  }

  /** It loses the very machine that the autoscaler has chosen, and none more when that leaves its fewest. */
  async losesTheChosenOne(): Promise<void> {
    const { autoscaler, name, machines, phase, virtualMachines } = this.#options;
    const all = (await virtualMachines()).toSorted();
    const chosen = all[1] ?? expect.fail(`${name} has no second machine`);
    await machines.untilPhase(chosen, phase);
    expect(await autoscaler.remove(name, chosen, () => this.#isSeen(chosen, all.length))).toBe(true);
    await machines.untilGone(chosen);
    expect((await virtualMachines()).toSorted()).toEqual(all.filter((each) => each !== chosen));
    expect(await autoscaler.remove(name, all[0] ?? "", () => expect.fail("it marks one"))).toBe(false);
  }

  /** Waits until the MachineSet controller knows all that was written of a Machine: then it counts one less that has all labels of the template. */
  async #isSeen(machine: string, replicas: number): Promise<void> {
    const { name, machines } = this.#options;
    await machines.patch(machines.path("machines", machine), { metadata: { labels: { "machine.openshift.io/cluster-api-machine-type": "chosen" } } });
    await until(`the controller sees ${machine}`, async () => {
      const { body } = await machines.kube.request("GET", machines.path("machinesets", name));
      return (JSON.parse(body) as { status?: { fullyLabeledReplicas?: number } }).status?.fullyLabeledReplicas === replicas - 1;
    });
  }
}

import { expect, it } from "vitest";
import { until, type Machine } from "../../../helpers/machine-api.ts";
import type { Rig } from "./rig.ts";

/** How many Machines there are. */
export function scaling(rig: () => Rig): void {
  const settled = async (set: string, replicas: number): Promise<readonly Machine[]> =>
    await until(`${set} has ${replicas} machines`, async () => {
      const all = await rig().machines.machinesOf(set);
      const there = all.filter(({ status }) => status?.phase === "Provisioned" || status?.phase === "Running");
      return all.length === replicas && there.length === replicas ? all : undefined;
    });

  const statusOf = async (set: string): Promise<{ readonly readyReplicas?: number; readonly fullyLabeledReplicas?: number }> => {
    const { body } = await rig().machines.kube.request("GET", rig().machines.path("machinesets", set));
    return (JSON.parse(body) as { status?: object }).status ?? {};
  };

  it("scales from none to three, and down to one", async () => {
    const { machines, actuator } = rig();
    await machines.createMachineSet("scaled", 0);
    await machines.scale("scaled", 3);
    const three = await settled("scaled", 3);
    for (const { metadata, spec } of three) expect(actuator.instances.get(metadata.name)?.providerID).toBe(spec.providerID);
    await Promise.all(three.map(({ metadata }) => machines.running(metadata.name)));
    await until("the MachineSet counts them", async () => (await statusOf("scaled")).readyReplicas === 3);
    // The one that is marked goes first, then any. The controller learns of Machines and of their set apart: it has seen the mark when it counts one
    // Machine less that has all labels of the template.
    const marked = three[1]?.metadata.name ?? "";
    await machines.patch(machines.path("machines", marked), {
      metadata: {
        annotations: { "machine.openshift.io/delete-machine": "yes" },
        labels: { "machine.openshift.io/cluster-api-machineset": "marked" },
      },
    });
    await until("the mark is seen", async () => (await statusOf("scaled")).fullyLabeledReplicas === 2);
    await machines.scale("scaled", 2);
    await machines.untilGone(marked);
    await machines.scale("scaled", 1);
    const [last] = await settled("scaled", 1);
    const names = three.map(({ metadata }) => metadata.name);
    await until("the machines are gone", async () => names.filter((name) => actuator.instances.has(name)).length === 1);
    expect(names.filter((name) => actuator.instances.has(name))).toEqual([last?.metadata.name]);
    expect(new Set(names.flatMap((name) => actuator.callsOf(name, "create"))).size).toBe(3);
  });

  it("replaces a Machine that is deleted", async () => {
    const { machines, actuator } = rig();
    await machines.createMachineSet("replaced", 1);
    const [first] = await settled("replaced", 1);
    const name = first?.metadata.name ?? "";
    await machines.delete(name);
    await machines.untilGone(name);
    const [second] = await settled("replaced", 1);
    expect(second?.metadata.name).not.toBe(name);
    expect(actuator.instances.has(name)).toBe(false);
  });

  it("removes all machines with their MachineSet", async () => {
    const { machines, actuator } = rig();
    await machines.createMachineSet("cascade", 3);
    const names = (await settled("cascade", 3)).map(({ metadata }) => metadata.name);
    await machines.delete("cascade", "machinesets");
    for (const name of names) await machines.untilGone(name);
    expect(names.filter((name) => actuator.instances.has(name))).toEqual([]);
  });
}

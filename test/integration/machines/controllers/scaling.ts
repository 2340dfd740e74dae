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

  it("scales from none to three, and down to one", async () => {
    const { machines, actuator } = rig();
    await machines.createMachineSet("scaled", 0);
    await machines.scale("scaled", 3);
    const three = await settled("scaled", 3);
    for (const { metadata, spec } of three) expect(actuator.instances.get(metadata.name)?.providerID).toBe(spec.providerID);
    await Promise.all(three.map(({ metadata }) => machines.running(metadata.name)));
    await until("the MachineSet counts them", async () => {
      const { body } = await machines.kube.request("GET", machines.path("machinesets", "scaled"));
      return (JSON.parse(body) as { status?: { readyReplicas?: number } }).status?.readyReplicas === 3;
    });
    // The one that is marked goes first, then any.
    const marked = three[1]?.metadata.name ?? "";
    await machines.patch(machines.path("machines", marked), { metadata: { annotations: { "machine.openshift.io/delete-machine": "yes" } } });
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

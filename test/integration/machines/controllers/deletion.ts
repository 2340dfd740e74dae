import { expect, it } from "vitest";
import { conditionOf, until } from "../../../helpers/machine-api.ts";
import type { Rig } from "./rig.ts";

/** What happens in which order when a Machine is deleted. */
export function deletion(rig: () => Rig): void {
  it("drains, waits for hooks, removes the machine, then its Node, then itself", async () => {
    const { machines, actuator } = rig();
    const hook = { name: "keep-disks", owner: "backup" };
    await machines.createMachine("ordered", { lifecycleHooks: { preTerminate: [hook] } });
    await machines.running("ordered");
    let nodeAtDelete: number | undefined;
    actuator.fail(/^ordered$/, "delete", {
      run: async () => {
        nodeAtDelete = (await machines.kube.request("GET", "/api/v1/nodes/ordered")).status;
      },
    });
    await machines.delete("ordered");
    const blocked = await until("it is drained", async () => {
      const machine = await machines.get("ordered");
      return conditionOf(machine, "Drained")?.status === "True" ? machine : undefined;
    });
    expect(blocked.status?.phase).toBe("Deleting");
    expect(conditionOf(blocked, "Terminable")).toMatchObject({ status: "False", reason: "HookPresent" });
    expect(actuator.callsOf("ordered", "delete")).toEqual([]);
    await machines.patch(machines.path("machines", "ordered"), { spec: { lifecycleHooks: { preTerminate: [] } } });
    await machines.untilGone("ordered");
    const [removal, ...more] = actuator.callsOf("ordered", "delete");
    expect(more).toEqual([]);
    expect(removal?.machine.status).toMatchObject({ phase: "Deleting" });
    expect(removal?.machine.status?.conditions).toContainEqual(expect.objectContaining({ type: "Drained", status: "True" }));
    expect(nodeAtDelete).toBe(200);
    expect((await machines.kube.request("GET", "/api/v1/nodes/ordered")).status).toBe(404);
    expect(actuator.callsOf("ordered").at(-1)?.call).toBe("exists");
  });

  it("asks again after half a minute while the machine is still there", async () => {
    const { machines, actuator } = rig();
    await machines.createMachine("slow-end");
    const { spec } = await machines.untilPhase("slow-end", "Provisioned");
    const instance = actuator.instances.get("slow-end");
    // The first time it only begins to go.
    actuator.fail(/^slow-end$/, "delete", {
      after: async () => {
        if (instance !== undefined) actuator.instances.set("slow-end", instance);
        await Promise.resolve();
      },
    });
    expect(spec.providerID).toBe(instance?.providerID);
    await machines.delete("slow-end");
    await machines.untilGone("slow-end");
    // On a busy machine the first is noted late.
    const [first, second] = actuator.callsOf("slow-end", "delete");
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(10_000);
  });

  it("goes on deleting after errors", async () => {
    const { machines, actuator } = rig();
    await machines.createMachine("stubborn");
    await machines.untilPhase("stubborn", "Provisioned");
    actuator.fail(/^stubborn$/, "delete", { error: { kind: "Failed", reason: "VolumeBusy", message: "the volume is in use" } }, 2);
    actuator.fail(/^stubborn$/, "delete", { error: { kind: "Invalid", reason: "PoolMissing", message: "there is no such pool" } });
    await machines.delete("stubborn");
    await machines.untilGone("stubborn");
    expect(actuator.callsOf("stubborn", "delete").length).toBeGreaterThanOrEqual(4);
    expect(actuator.instances.has("stubborn")).toBe(false);
    await until("events tell about both", async () => {
      const reasons = (await machines.events("stubborn")).map(({ reason }) => reason);
      return reasons.includes("VolumeBusy") && reasons.includes("PoolMissing");
    });
  });

  it("keeps a Machine whose actuator cannot tell if the machine is gone", async () => {
    const { machines, actuator } = rig();
    await machines.createMachine("doubtful");
    await machines.untilPhase("doubtful", "Provisioned");
    actuator.fail(/^doubtful$/, "exists", { status: 500 }, 1_000);
    await machines.delete("doubtful");
    await until("the machine is removed", async () => actuator.callsOf("doubtful", "delete").length > 1);
    expect(await machines.get("doubtful")).toBeDefined();
    actuator.forgive("doubtful");
    await machines.untilGone("doubtful");
  });

  it.each(["preDrain", "preTerminate"])("refuses a hook of %s with short names", async (kind) => {
    const { machines } = rig();
    const hook = { name: "ab", owner: "me" };
    await expect(machines.createMachine(`short-${kind.toLowerCase()}`, { lifecycleHooks: { [kind]: [hook] } })).rejects.toThrow(/at least 3 chars/);
  });
}

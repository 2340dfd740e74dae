import { expect, it } from "vitest";
import type { KubeControlPlane } from "../../../helpers/kube-control-plane.ts";
import { until } from "../../../helpers/machine-api.ts";
import { CALLS } from "../../../helpers/played-actuator.ts";
import { Rig } from "./rig.ts";

/** The program is killed in each of the actuator's steps, before and after the work is done: the same comes out. */
export function restarts(kube: () => KubeControlPlane): void {
  it("in any step of the actuator changes nothing in the end", async () => {
    await using rig = await Rig.create(kube(), "killed");
    const { machines, actuator } = rig;
    await rig.start();
    for (const call of CALLS)
      for (const done of [false, true]) {
        const name = `killed-${call}-${done ? "done" : "asked"}`;
        let killed = false;
        const kill = {
          run: async () => {
            killed = true;
            await rig.kill();
          },
        };
        actuator.fail(new RegExp(`^${name}$`), call, done ? { after: kill.run } : kill);
        await machines.createMachine(name);
        if (call === "delete") {
          await machines.untilPhase(name, "Provisioned");
          await machines.delete(name);
        }
        await until(`it is killed in ${name}`, async () => killed && !rig.program().running);
        await rig.start();
        if (call !== "delete") {
          const { spec } = await machines.untilPhase(name, "Provisioned");
          expect(actuator.instances.get(name)?.providerID).toBe(spec.providerID);
          await machines.delete(name);
        }
        await machines.untilGone(name);
        expect(actuator.instances.has(name)).toBe(false);
      }
  });
}

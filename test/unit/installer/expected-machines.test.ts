import { describe, expect, it } from "vitest";
import { expectedMachines, planMachines, planMachineSets } from "../../../src/config/index.ts";
import { runPreflight } from "../../../src/installer/preflight.ts";
import type { Platform, PlatformContext } from "../../../src/providers/index.ts";
import { machineSetsFolder } from "../../helpers/machine-sets-folder.ts";
import { IDENTITY, makeSpec } from "../assets/spec.ts";

const own = makeSpec(3, 2);
const sets = makeSpec(3, 2, { machineManagement: "MachineSets" });

describe("the machines that must have room", () => {
  it("are those of the sets too, as large as they will be", () => {
    expect(planMachines(sets, IDENTITY)).toHaveLength(4);
    expect(planMachineSets(sets, IDENTITY).reduce((sum, { replicas }) => sum + replicas, 0)).toBe(2);
    expect(expectedMachines(sets, IDENTITY)).toEqual(planMachines(own, IDENTITY));
    expect(expectedMachines(own, IDENTITY)).toEqual(planMachines(own, IDENTITY));
  });

  it("are what a platform checks its host for", async () => {
    const folder = await machineSetsFolder();
    let asked: PlatformContext | undefined;
    const platform = {
      preflight: (context: PlatformContext) => {
        asked = context;
        return Promise.resolve([]);
      },
    } as unknown as Platform;
    try {
      await runPreflight(folder.world, { spec: sets, identity: IDENTITY, platform }, []);
    } finally {
      await folder.remove();
    }
    expect(asked?.machines.filter(({ role }) => role === "compute").map(({ memoryMB }) => memoryMB)).toEqual([2048, 2048]);
  });
});

import { describe, expect, it } from "vitest";
import { breakTheMaking, cluster, eachWithItsVCenter, goesOnAndLeavesNothing, LONG } from "../../helpers/vsphere-faults.ts";

/** A run that is killed and one that fails; the other faults are nightly. */
eachWithItsVCenter();

describe("in the middle of making machines", LONG, () => {
  breakTheMaking([["a connection that breaks during a clone", { path: "/sdk", method: "CloneVM_Task", reset: true, skip: 1, times: 1 }]]);

  it("kill -9 is got over", async () => {
    const killed = await cluster.createInfra(({ type, status, kind }, child) => {
      if (type === "resource" && status === "started" && String(kind).includes("VirtualMachine")) child.kill("SIGKILL");
    });
    expect(killed.code).toBeNull();
    await goesOnAndLeavesNothing();
  });
});

import { describe, expect, it } from "vitest";
import { previewSteps } from "../helpers/preview-steps.ts";
import {
  breakTheMaking,
  breakTheRemoval,
  cluster,
  eachWithItsVCenter,
  goesOnAndLeavesNothing,
  hangTheMaking,
  isDestroyed,
  LONG,
  machines,
  make,
  vcsim,
} from "../helpers/vsphere-faults.ts";

/** What integration/vsphere/faults tries once of each kind, in its other forms. */
eachWithItsVCenter();

describe("in the middle of making machines", LONG, () => {
  breakTheMaking([
    ["an answer of 503 to a clone", { path: "/sdk", method: "CloneVM_Task", status: 503, skip: 1, times: 1 }],
    ["a session that expires with a clone", { path: "/sdk", method: "CloneVM_Task", expire: true, skip: 1, times: 1 }],
    ["an upload that breaks", { path: "/nfc", reset: true, times: 1 }],
  ]);

  it("slow answers only take longer", async () => {
    await vcsim.control.addRules({ path: "/sdk", delayMs: 50 });
    await goesOnAndLeavesNothing();
  });

  hangTheMaking("an upload", { path: "/nfc", hang: true }, "Template");
});

describe("in the middle of destroying", LONG, () => {
  breakTheRemoval([
    ["an answer of 503", { status: 503 }],
    ["a session that expires", { expire: true }],
  ]);

  it("a restart leaves what the same command again removes", async () => {
    const id = await make();
    let once = false;
    const cut = await cluster.cli(["destroy", "cluster"], ({ type, operation, status }) => {
      if (once || type !== "resource" || operation !== "delete" || status !== "started") return;
      once = true;
      void vcsim.control.restart(1_000);
    });
    expect(once, cut.output).toBe(true);
    await vcsim.control.untilServing();
    await isDestroyed(id, cut);
  });
});

describe("what is removed by hand", LONG, () => {
  it("is created again: the folder with all that is in it", async () => {
    const id = await make();
    // One by one: vcsim stands still when it destroys a folder with machines in it.
    for (const path of await machines()) await vcsim.govc("vm.destroy", path);
    await vcsim.govc("object.destroy", `/DC0/vm/${id}`);
    expect(await machines()).toEqual([]);
    const preview = await cluster.cli(["preview"]);
    expect(preview.code, preview.output).toBe(0);
    const steps = previewSteps(preview);
    expect(steps).toContainEqual(expect.objectContaining({ operation: "create", kind: "vsphere:index/folder:Folder" }));
    expect(steps).toContainEqual(expect.objectContaining({ operation: "create", name: `${id}-master-1` }));
    await goesOnAndLeavesNothing();
  });
});

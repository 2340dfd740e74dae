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
  leftByCtrlC,
  LONG,
  machines,
  make,
  pluginsLeft,
  vcsim,
} from "../helpers/vsphere-faults.ts";

/** All faults but the broken connection of integration/vsphere/faults. */
eachWithItsVCenter();

describe("in the middle of making machines", LONG, () => {
  breakTheMaking([
    ["an answer of 503 to a clone", { path: "/sdk", method: "CloneVM_Task", status: 503, skip: 1, times: 1 }],
    ["a session that expires with a clone", { path: "/sdk", method: "CloneVM_Task", expire: true, skip: 1, times: 1 }],
    ["a session that expires during the upload", { path: "/nfc", expire: true, times: 1 }],
    ["an upload that breaks", { path: "/nfc", reset: true, times: 1 }],
  ]);

  it("kill -9 is got over", async () => {
    const killed = await cluster.createInfra(({ type, status, kind }, child) => {
      if (type === "resource" && status === "started" && String(kind).includes("VirtualMachine")) child.kill("SIGKILL");
    });
    expect(killed.code).toBeNull();
    await goesOnAndLeavesNothing();
  });

  it("a vCenter that is restarted, and a session that expires, are got over by the next run", async () => {
    let once = false;
    const cut = await cluster.createInfra(({ type, status, kind }) => {
      if (once || type !== "resource" || status !== "done" || kind !== "virt-ipi:vsphere:Template") return;
      once = true;
      void vcsim.control.restart(1_000);
    });
    expect(once, cut.output).toBe(true);
    await vcsim.control.untilServing();
    await vcsim.control.expireSessions();
    await goesOnAndLeavesNothing();
  });

  it("slow answers only take longer", async () => {
    await vcsim.control.addRules({ path: "/sdk", delayMs: 50 });
    await goesOnAndLeavesNothing();
  });

  hangTheMaking("a clone", { path: "/sdk", method: "CloneVM_Task", hang: true }, "VirtualMachine");
  hangTheMaking("an upload", { path: "/nfc", hang: true }, "Template");
});

describe("in the middle of destroying", LONG, () => {
  breakTheRemoval([
    ["a connection that breaks", { reset: true }],
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

  it("an answer that never comes is left by Ctrl-C twice", async () => {
    const id = await make();
    await vcsim.control.addRules({ path: "/sdk", method: "Destroy_Task", hang: true });
    const left = await leftByCtrlC(
      (onEvent) => cluster.cli(["destroy", "cluster"], onEvent),
      ({ operation, status }) => operation === "delete" && status === "started",
    );
    expect(left.code, left.output).toBe(8);
    await vcsim.control.clearRules();
    await isDestroyed(id, left);
    expect(await pluginsLeft()).toEqual([]);
  });
});

describe("what is removed by hand", LONG, () => {
  it("need not be created again to be destroyed", async () => {
    const id = await make();
    for (const path of await machines()) await vcsim.govc("vm.destroy", path);
    await vcsim.govc("object.destroy", `/DC0/vm/${id}`);
    await vcsim.govc("tags.rm", "-f", id);
    const destroyed = await cluster.cli(["destroy", "cluster"]);
    expect(destroyed.code, destroyed.output).toBe(0);
    expect((await vcsim.govc("tags.category.ls")).stdout).not.toContain(id);
    expect((await vcsim.govc("cluster.rule.ls", "-cluster", "/DC0/host/DC0_C0")).stdout).not.toContain(id);
  });

  it("is created again: a machine, the template, and the tag, which the rest goes on with", async () => {
    const id = await make();
    await vcsim.govc("tags.rm", "-f", id);
    await vcsim.govc("vm.destroy", `/DC0/vm/${id}/${id}-bootstrap`);
    await vcsim.govc("object.destroy", `/DC0/vm/${id}/${id}-rhcos-zone-a`);
    const preview = await cluster.cli(["preview"]);
    expect(preview.code, preview.output).toBe(0);
    const steps = previewSteps(preview);
    // Machines that run stay as they are, whatever became of the template that they came from.
    expect(steps.filter(({ kind }) => kind.includes("VirtualMachine"))).toEqual([
      { operation: "create", kind: "vsphere:index/virtualMachine:VirtualMachine", name: `${id}-bootstrap` },
    ]);
    await goesOnAndLeavesNothing();
  });

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

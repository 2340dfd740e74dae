import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { failedCreate, forgetFailedCreates, readFailedCreates, recordFailedCreates, withoutTaken } from "../../../src/stack/failed-creates.ts";
import { clusterFolder } from "../../../src/stack/index.ts";

const VM = "vsphere:index/virtualMachine:VirtualMachine";
const urnOf = (type: string, name: string): string => `urn:pulumi:s::virt-ipi::${type}::${name}`;

function failedStep(op: string, type: string, name: string): EngineEvent {
  const metadata = { op, urn: urnOf(type, name), type, new: { inputs: { name, memory: 256 } } };
  return { resOpFailedEvent: { metadata, status: 0, steps: 1 } } as unknown as EngineEvent;
}

describe("a failed create", () => {
  it.each(["create", "create-replacement"])("of the official provider may have left something: %s", (op) => {
    expect(failedCreate(failedStep(op, VM, "m0"))).toEqual({ urn: urnOf(VM, "m0"), type: VM, inputs: { name: "m0", path: undefined } });
  });

  it.each([
    ["an update", failedStep("update", VM, "m0")],
    ["one of ours, which undoes what it began", failedStep("create", "virt-ipi:vsphere:Template", "zone")],
    ["an object in the cluster, which its field manager finds again", failedStep("create", "kubernetes:core/v1:Namespace", "a")],
    ["any other event", { summaryEvent: {} } as unknown as EngineEvent],
  ])("is not %s", (_what, event) => {
    expect(failedCreate(event)).toBeUndefined();
  });

  it("that found somebody else's object in its place has left nothing", () => {
    const failed = ["m0", "m1"].map((name) => ({ urn: urnOf(VM, name), type: VM, inputs: { name } }));
    const failures = [
      { urn: failed[0]?.urn, message: "error cloning virtual machine: *types.DuplicateName" },
      { urn: failed[1]?.urn, message: "ServerFaultCode: The session is not authenticated." },
    ];
    expect(withoutTaken(failed, failures)).toEqual([failed[1]]);
  });
});

describe("what failed", () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp("/tmp/vt-failed-");
  });
  afterEach(async () => await rm(root, { recursive: true, force: true }));

  it("is a pending create of the next run, until that has settled it", async () => {
    const folder = clusterFolder(join(root, "cluster"));
    const resource = { urn: urnOf(VM, "m0"), type: VM, inputs: { name: "m0" } };
    await recordFailedCreates(folder, []);
    expect(await readFailedCreates(folder, () => undefined)).toEqual([]);
    await recordFailedCreates(folder, [resource]);
    // A run after it that failed otherwise leaves it.
    await recordFailedCreates(folder, []);
    expect(await readFailedCreates(folder, () => undefined)).toEqual([{ type: "creating", resource }]);
    await forgetFailedCreates(folder);
    expect(await readFailedCreates(folder, () => undefined)).toEqual([]);
  });
});

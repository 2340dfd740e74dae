import { describe, expect, it } from "vitest";
import { exportedAddresses, leftovers, withoutPending, withoutResources, type Deployment } from "../../../src/stack/pending-operations.ts";

const resource = (type: string, name: string, id?: string) => ({
  urn: `urn:pulumi:s::p::${type}::${name}`,
  type,
  ...(id === undefined ? {} : { id }),
  inputs: { name },
});
const deployment: Deployment = {
  resources: [resource("virt-ipi:kvm:Machine", "c-master-0", "uuid-0"), resource("virt-ipi:kvm:Network", "c", "uuid-n")],
  pending_operations: [
    { type: "creating", resource: resource("virt-ipi:kvm:Machine", "c-master-1") },
    { type: "deleting", resource: resource("virt-ipi:kvm:Machine", "c-master-0", "uuid-0") },
    { type: "creating", resource: resource("virt-ipi:kvm:StoragePool", "c") },
  ],
};
const object = (kind: string, name: string, id = name) => ({ kind, name, id });

describe("leftovers", () => {
  it("are the objects of pending creates alone", () => {
    expect(
      leftovers(deployment, [
        object("domain", "c-master-0", "uuid-0"),
        object("domain", "c-master-1", "uuid-1"),
        object("network", "c", "uuid-n"),
        object("pool", "c"),
        object("volume", "c-base.qcow2"),
      ]),
    ).toEqual([object("domain", "c-master-1", "uuid-1"), object("pool", "c")]);
  });

  it("are told from what is known by their kind, where names are the same", () => {
    const folder = { urn: "urn:pulumi:s::p::vsphere:index/folder:Folder::vc/dc", type: "vsphere:index/folder:Folder", inputs: { path: "c-abcde" } };
    const half: Deployment = {
      resources: [resource("vsphere:index/tag:Tag", "c-abcde", "urn:tag")],
      pending_operations: [
        { type: "creating", resource: folder },
        { type: "creating", resource: resource("vsphere:index/virtualMachine:VirtualMachine", "c-abcde-master-0") },
      ],
    };
    const objects = [
      object("vm", "c-abcde-master-0", "vc/VirtualMachine:vm-1"),
      object("folder", "c-abcde", "vc/Folder:group-1"),
      object("tag", "c-abcde", "vc/urn:tag"),
    ];
    expect(leftovers(half, objects).map(({ kind }) => kind)).toEqual(["vm", "folder"]);
  });

  it("are none without pending creates", () => {
    expect(leftovers({ resources: [] }, [object("domain", "c-master-1")])).toEqual([]);
  });

  it("is taken out with all that points to it", () => {
    const machine = {
      ...resource("virt-ipi:kvm:Machine", "m", "uuid-m"),
      dependencies: ["urn:a", "urn:b"],
      propertyDependencies: { tags: ["urn:a"], disk: ["urn:b"] },
    };
    const tag = { ...resource("vsphere:index/tag:Tag", "t", "id-t"), urn: "urn:a" };
    expect(withoutResources({ resources: [tag, machine] }, new Set(["urn:a"]))).toEqual({
      resources: [{ ...machine, dependencies: ["urn:b"], propertyDependencies: { tags: [], disk: ["urn:b"] } }],
    });
  });

  it("are gone from the deployment afterwards, and nothing else is", () => {
    expect(withoutPending(deployment)).toEqual({ resources: deployment.resources, pending_operations: [] });
  });
});

describe("exportedAddresses", () => {
  const stack = (outputs: Readonly<Record<string, unknown>>): Deployment => ({ resources: [{ urn: "urn:s", type: "pulumi:pulumi:Stack", outputs }] });

  it.each<[what: string, deployment: Deployment, addresses: Readonly<Record<string, string>>]>([
    ["the machines that were made", stack({ machines: { "c-worker-0": "192.168.126.120" } }), { "c-worker-0": "192.168.126.120" }],
    ["no address that is not known yet", stack({ machines: { "c-worker-0": null, "c-worker-1": { secret: true } } }), {}],
    ["none before the first update", {}, {}],
    ["none of a program that did not end", stack({}), {}],
    ["none of another resource", { resources: [{ urn: "urn:m", type: "virt-ipi:kvm:Machine", outputs: { machines: { a: "192.168.126.9" } } }] }, {}],
  ])("tells %s", (_what, deployment, addresses) => {
    expect(Object.fromEntries(exportedAddresses(deployment))).toEqual(addresses);
  });
});

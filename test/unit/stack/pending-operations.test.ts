import { describe, expect, it } from "vitest";
import { leftovers, withoutPending, type Deployment } from "../../../src/stack/pending-operations.ts";

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

  it("are none without pending creates", () => {
    expect(leftovers({ resources: [] }, [object("domain", "c-master-1")])).toEqual([]);
  });

  it("are gone from the deployment afterwards, and nothing else is", () => {
    expect(withoutPending(deployment)).toEqual({ resources: deployment.resources, pending_operations: [] });
  });
});

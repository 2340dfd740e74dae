import { describe, expect, it } from "vitest";
import { ovfDescriptor, type OvfSpec } from "../../../../setup/node-image/ovf.ts";

const SPEC: OvfSpec = {
  name: `node & "image"`,
  disk: { file: "node-disk1.vmdk", fileSize: 123_456, capacityBytes: 3_241_148_416 },
  guestId: "debian10_64Guest",
  cpus: 2,
  memoryMB: 4096,
  hardwareVersion: 15,
  firmware: "efi",
  guestinfo: ["guestinfo.hostname", "guestinfo.ignition.config.data"],
};

describe("ovfDescriptor", () => {
  it("tells sizes with their units, a part of one rounded up", () => {
    const descriptor = ovfDescriptor(SPEC);
    expect(descriptor).toContain(`ovf:href="node-disk1.vmdk" ovf:size="123456"`);
    expect(descriptor).toContain(`ovf:capacity="3091" ovf:capacityAllocationUnits="byte * 2^20"`);
    expect(ovfDescriptor({ ...SPEC, disk: { ...SPEC.disk, capacityBytes: 2 ** 20 + 1 } })).toContain(`ovf:capacity="2" `);
  });

  it("tells guest, hardware version, firmware, and the keys that a deployment may set", () => {
    const descriptor = ovfDescriptor(SPEC);
    expect(descriptor).toContain("<vssd:VirtualSystemType>vmx-15</vssd:VirtualSystemType>");
    expect(descriptor).toContain(`vmw:osType="debian10_64Guest"`);
    expect(descriptor).toContain(`vmw:key="firmware" vmw:value="efi"`);
    expect([...descriptor.matchAll(/<Property ovf:key="([^"]+)"/g)].map(([, key]) => key)).toEqual(SPEC.guestinfo);
  });

  it("keeps XML apart from what a name holds", () => {
    const descriptor = ovfDescriptor(SPEC);
    expect(descriptor).toContain(`<VirtualSystem ovf:id="node &amp; &quot;image&quot;">`);
    expect(descriptor).not.toContain(SPEC.name);
  });

  it("lists each item's elements in alphabetical order, as the schema wants", () => {
    const items = ovfDescriptor(SPEC).split("<Item>").slice(1);
    expect(items).toHaveLength(5);
    for (const item of items) {
      const names = [...item.matchAll(/<rasd:(\w+)>/g)].map(([, name = ""]) => name);
      expect(names).toEqual(names.toSorted());
    }
  });
});

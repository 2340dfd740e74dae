import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create } from "tar";
import { sha256Of } from "../../src/util/index.ts";

export interface SmallOva {
  readonly path: string;
  readonly sha256: string;
}

/** An OVA of a machine with one disk and one network, whose disk file is `bytes` of noise. vcsim takes any bytes for a disk. */
export async function smallOva(
  path: string,
  options: { readonly bytes?: number; readonly networks?: number; readonly hardware?: number } = {},
): Promise<SmallOva> {
  const { bytes = 2 ** 20, networks = 1, hardware = 15 } = options;
  const folder = await mkdtemp(join(tmpdir(), "small-ova-"));
  try {
    const disk = randomBytes(bytes);
    const ovf = ovfText(bytes, networks, hardware);
    await writeFile(join(folder, "node.ovf"), ovf);
    await writeFile(join(folder, "node-disk1.vmdk"), disk);
    await create({ cwd: folder, file: path, portable: true }, ["node.ovf", "node-disk1.vmdk"]);
    return { path, sha256: await sha256Of(path) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function ovfText(bytes: number, networks: number, hardware: number): string {
  const names = Array.from({ length: networks }, (_, index) => (index === 0 ? "VM Network" : `Network ${index}`));
  const item = (fields: Readonly<Record<string, string | number>>): string =>
    `<Item>${Object.entries(fields)
      .map(([name, value]) => `<rasd:${name}>${value}</rasd:${name}>`)
      .join("")}</Item>`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1" xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1"
  xmlns:rasd="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData"
  xmlns:vssd="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_VirtualSystemSettingData">
<References><File ovf:href="node-disk1.vmdk" ovf:id="file1" ovf:size="${bytes}"/></References>
<DiskSection><Info>Disks</Info>
<Disk ovf:capacity="1" ovf:capacityAllocationUnits="byte * 2^30" ovf:diskId="vmdisk1" ovf:fileRef="file1"
  ovf:format="http://www.vmware.com/interfaces/specifications/vmdk.html#streamOptimized"/></DiskSection>
<NetworkSection><Info>Networks</Info>${names.map((name) => `<Network ovf:name="${name}"><Description>${name}</Description></Network>`).join("")}</NetworkSection>
<VirtualSystem ovf:id="node"><Info>Node</Info><Name>node</Name>
<OperatingSystemSection ovf:id="100"><Info>Linux</Info></OperatingSystemSection>
<VirtualHardwareSection><Info>Hardware</Info>
<System><vssd:ElementName>Virtual Hardware Family</vssd:ElementName><vssd:InstanceID>0</vssd:InstanceID><vssd:VirtualSystemType>vmx-${hardware}</vssd:VirtualSystemType></System>
${item({ AllocationUnits: "hertz * 10^6", ElementName: "2 virtual CPUs", InstanceID: 1, ResourceType: 3, VirtualQuantity: 2 })}
${item({ AllocationUnits: "byte * 2^20", ElementName: "2048 MB of memory", InstanceID: 2, ResourceType: 4, VirtualQuantity: 2048 })}
${item({ Address: 0, ElementName: "SCSI controller", InstanceID: 3, ResourceSubType: "VirtualSCSI", ResourceType: 6 })}
${item({ AddressOnParent: 0, ElementName: "disk0", HostResource: "ovf:/disk/vmdisk1", InstanceID: 4, Parent: 3, ResourceType: 17 })}
${names.map((name, index) => item({ AddressOnParent: 7 + index, AutomaticAllocation: "true", Connection: name, ElementName: `ethernet${index}`, InstanceID: 5 + index, ResourceSubType: "VmxNet3", ResourceType: 10 })).join("\n")}
</VirtualHardwareSection></VirtualSystem></Envelope>
`;
}

/** One disk behind one SCSI controller, one NIC: what an OVA of a node image describes. */
export interface OvfSpec {
  /** Of the virtual system; a deployment gives its own. */
  readonly name: string;
  /** File name and bytes of the stream-optimised VMDK. */
  readonly disk: { readonly file: string; readonly fileSize: number; readonly capacityBytes: number };
  /** vSphere's guest id, which clones must repeat. */
  readonly guestId: string;
  readonly cpus: number;
  readonly memoryMB: number;
  /** vSphere's number, without `vmx-`. */
  readonly hardwareVersion: number;
  readonly firmware: "bios" | "efi";
  /** Keys that a deployment may set, as Ignition and Afterburn read them. */
  readonly guestinfo: readonly string[];
}

const MIB = 2 ** 20;

/**
 * The OVF descriptor. Capacities carry their units, since vCenter takes bare numbers for bytes and vcsim for KiB.
 * Source: DMTF DSP0243 1.1; `vmw:` as vSphere itself exports it.
 */
export function ovfDescriptor(spec: OvfSpec): string {
  const { disk } = spec;
  const properties = spec.guestinfo.map(
    (key) =>
      `      <Property ovf:key="${text(key)}" ovf:type="string" ovf:userConfigurable="true" ovf:value=""><Label>${text(key)}</Label></Property>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1" xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1"
          xmlns:rasd="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData"
          xmlns:vssd="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_VirtualSystemSettingData"
          xmlns:vmw="http://www.vmware.com/schema/ovf">
  <References>
    <File ovf:id="file1" ovf:href="${text(disk.file)}" ovf:size="${disk.fileSize}"/>
  </References>
  <DiskSection>
    <Info>Virtual disks</Info>
    <Disk ovf:diskId="vmdisk1" ovf:fileRef="file1" ovf:capacity="${Math.ceil(disk.capacityBytes / MIB)}" ovf:capacityAllocationUnits="byte * 2^20"
          ovf:format="http://www.vmware.com/interfaces/specifications/vmdk.html#streamOptimized"/>
  </DiskSection>
  <NetworkSection>
    <Info>Networks</Info>
    <Network ovf:name="VM Network"><Description>The machine network</Description></Network>
  </NetworkSection>
  <VirtualSystem ovf:id="${text(spec.name)}">
    <Info>A virtual machine</Info>
    <Name>${text(spec.name)}</Name>
    <OperatingSystemSection ovf:id="101" vmw:osType="${text(spec.guestId)}">
      <Info>The guest</Info>
    </OperatingSystemSection>
    <VirtualHardwareSection ovf:transport="com.vmware.guestInfo">
      <Info>Virtual hardware</Info>
      <System>
        <vssd:ElementName>Virtual Hardware Family</vssd:ElementName>
        <vssd:InstanceID>0</vssd:InstanceID>
        <vssd:VirtualSystemIdentifier>${text(spec.name)}</vssd:VirtualSystemIdentifier>
        <vssd:VirtualSystemType>vmx-${spec.hardwareVersion}</vssd:VirtualSystemType>
      </System>
${[
  item({ AllocationUnits: "hertz * 10^6", ElementName: `${spec.cpus} virtual CPUs`, InstanceID: 1, ResourceType: 3, VirtualQuantity: spec.cpus }),
  item({
    AllocationUnits: "byte * 2^20",
    ElementName: `${spec.memoryMB} MB of memory`,
    InstanceID: 2,
    ResourceType: 4,
    VirtualQuantity: spec.memoryMB,
  }),
  item({ Address: 0, ElementName: "SCSI controller 0", InstanceID: 3, ResourceSubType: "VirtualSCSI", ResourceType: 6 }),
  item({ AddressOnParent: 0, ElementName: "disk0", HostResource: "ovf:/disk/vmdisk1", InstanceID: 4, Parent: 3, ResourceType: 17 }),
  item({
    AddressOnParent: 7,
    AutomaticAllocation: "true",
    Connection: "VM Network",
    ElementName: "ethernet-0",
    InstanceID: 5,
    ResourceSubType: "VmxNet3",
    ResourceType: 10,
  }),
].join("\n")}
      <vmw:Config ovf:required="false" vmw:key="firmware" vmw:value="${spec.firmware}"/>
    </VirtualHardwareSection>
    <ProductSection>
      <Info>What the machine reads on its first boot</Info>
${properties.join("\n")}
    </ProductSection>
  </VirtualSystem>
</Envelope>
`;
}

/** The schema wants an item's elements in alphabetical order. */
function item(fields: Readonly<Record<string, string | number>>): string {
  const lines = Object.entries(fields).map(([name, value]) => `        <rasd:${name}>${text(String(value))}</rasd:${name}>`);
  return ["      <Item>", ...lines, "      </Item>"].join("\n");
}

const text = (value: string): string => value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

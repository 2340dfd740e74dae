import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** The documents that create-machines.sh works from: a network with DHCP for every machine, the machines, image and Ignition. */
export async function writeDocuments(folder: string, count: number, image: string, ignition: string): Promise<void> {
  await copyFile(image, join(folder, "base.qcow2"));
  await writeFile(join(folder, "machine.ign"), ignition);
  await writeFile(join(folder, "network.xml"), networkXml(count));
  for (let index = 0; index < count; index++) await writeFile(join(folder, `bare-${index}.xml`), domainXml(index));
}

const mac = (index: number): string => `52:54:00:00:01:${index.toString(16).padStart(2, "0")}`;

function networkXml(count: number): string {
  const hosts = Array.from({ length: count }, (_, index) => `<host mac="${mac(index)}" name="bare-${index}" ip="192.168.126.${20 + index}"/>`);
  return `<network><name>bare</name><forward mode="nat"/><bridge name="bare0"/><ip address="192.168.126.1" netmask="255.255.255.0"><dhcp>${hosts.join("")}</dhcp></ip></network>`;
}

/** The devices of our own machines, without what marks them as ours. */
function domainXml(index: number): string {
  const pool = "/var/lib/libvirt/images/bare";
  return `<domain type="qemu">
  <name>bare-${index}</name>
  <memory unit="MiB">4096</memory>
  <vcpu>2</vcpu>
  <sysinfo type="fwcfg"><entry name="opt/com.coreos/config" file="${pool}/bare-${index}.ign"/></sysinfo>
  <os><type arch="x86_64" machine="q35">hvm</type><boot dev="hd"/></os>
  <features><acpi/><apic/></features>
  <cpu mode="maximum"/>
  <devices>
    <disk type="file" device="disk"><driver name="qemu" type="qcow2"/><source file="${pool}/bare-${index}.qcow2"/><target dev="vda" bus="virtio"/></disk>
    <interface type="network"><mac address="${mac(index)}"/><source network="bare"/><model type="virtio"/></interface>
    <serial type="pty"><log file="${pool}/bare-${index}.log"/><target port="0"/></serial>
    <console type="pty"><target type="serial" port="0"/></console>
    <rng model="virtio"><backend model="random">/dev/urandom</backend></rng>
  </devices>
</domain>
`;
}

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

interface BareDomain {
  readonly name: string;
  readonly pool: string;
  readonly network: string;
  readonly macAddress: string;
  readonly memoryMB: number;
  readonly cpus: number;
}

const domainXml = (index: number): string =>
  documentOf({ name: `bare-${index}`, pool: "/var/lib/libvirt/images/bare", network: "bare", macAddress: mac(index), memoryMB: 4096, cpus: 2 });

/** A machine of create-started-machines.sh: small enough for several to run. */
export const startedDomainXml = (index: number, place: Pick<BareDomain, "pool" | "network">): string =>
  documentOf({ ...place, name: `bare-${index}`, macAddress: `52:54:00:00:02:${index.toString(16).padStart(2, "0")}`, memoryMB: 64, cpus: 1 });

/** The devices of our own machines, without what marks them as ours. */
function documentOf({ name, pool, network, macAddress, memoryMB, cpus }: BareDomain): string {
  return `<domain type="qemu">
  <name>${name}</name>
  <memory unit="MiB">${memoryMB}</memory>
  <vcpu>${cpus}</vcpu>
  <sysinfo type="fwcfg"><entry name="opt/com.coreos/config" file="${pool}/${name}.ign"/></sysinfo>
  <os><type arch="x86_64" machine="q35">hvm</type><boot dev="hd"/></os>
  <features><acpi/><apic/></features>
  <cpu mode="maximum"/>
  <devices>
    <disk type="file" device="disk"><driver name="qemu" type="qcow2"/><source file="${pool}/${name}.qcow2"/><target dev="vda" bus="virtio"/></disk>
    <interface type="network"><mac address="${macAddress}"/><source network="${network}"/><model type="virtio"/></interface>
    <serial type="pty"><log file="${pool}/${name}.log"/><target port="0"/></serial>
    <console type="pty"><target type="serial" port="0"/></console>
    <rng model="virtio"><backend model="random">/dev/urandom</backend></rng>
  </devices>
</domain>
`;
}

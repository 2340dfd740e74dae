import { document, type Libvirt } from "./libvirt.ts";
import { dhcpHost, dnsHost, type DnsRecord, type Reservation } from "./xml/network-xml.ts";
import { renderXml } from "./xml/xml.ts";

/** An entry that comes into a network or leaves it, without disturbing who is on it. */
export interface NetworkChange {
  readonly command: "add-last" | "delete";
  readonly entry: { readonly reservation: Reservation } | { readonly record: DnsRecord };
  /** In what libvirt keeps of the network. */
  readonly kept: boolean;
  /** In the network that runs. */
  readonly live: boolean;
}

export async function changeNetwork(libvirt: Libvirt, network: string, { command, entry, kept, live }: NetworkChange): Promise<void> {
  const [section, xml] =
    "reservation" in entry ? (["ip-dhcp-host", dhcpHost(entry.reservation)] as const) : (["dns-host", dnsHost(entry.record)] as const);
  const where = [...(kept ? ["--config"] : []), ...(live ? ["--live"] : [])];
  if (where.length === 0) return;
  const change = ["--command", command, "--section", section, "--xml", document(renderXml(xml))];
  await libvirt.virsh(["net-update", "--network", network, ...change, ...where]);
}

import { element, renderXml } from "./xml.ts";
import { ownerElement } from "./metadata.ts";

/** `none` is libvirt's word for an isolated network. */
export type ForwardMode = "nat" | "route" | "open" | "none";

/** A machine that gets its address by DHCP and its name in DNS. */
export interface Reservation {
  /** Host name without domain. */
  readonly name: string;
  readonly macAddress: string;
  readonly ipAddress: string;
}

/** Names of one address. */
export interface DnsRecord {
  readonly ipAddress: string;
  readonly hostnames: readonly string[];
}

export interface NetworkDescription {
  readonly name: string;
  readonly infraID: string;
  readonly uuid?: string | undefined;
  readonly bridge: string;
  readonly forward: ForwardMode;
  /** DNS domain that this network answers alone. */
  readonly domain: string;
  readonly gateway: string;
  readonly prefixLength: number;
  readonly dynamicRange: { readonly first: string; readonly last: string } | undefined;
  readonly reservations: readonly Reservation[];
  readonly records: readonly DnsRecord[];
  /** Every name below `name` has this address. */
  readonly wildcards: readonly { readonly name: string; readonly ipAddress: string }[];
}

/** libvirt's network document. Source: https://libvirt.org/formatnetwork.html */
export function networkXml(network: NetworkDescription): string {
  const { dynamicRange: range } = network;
  return renderXml(
    element(
      "network",
      { "xmlns:dnsmasq": "http://libvirt.org/schemas/network/dnsmasq/1.0" },
      element("name", {}, network.name),
      network.uuid !== undefined && element("uuid", {}, network.uuid),
      ownerElement({ infraID: network.infraID, role: "network" }),
      network.forward !== "none" && element("forward", { mode: network.forward }),
      // No spanning tree: this bridge has no other way round, and a port would stay silent for its first seconds.
      element("bridge", { name: network.bridge, stp: "off", delay: 0 }),
      element("domain", { name: network.domain, localOnly: "yes" }),
      element("dns", {}, ...network.records.map(dnsHost)),
      element(
        "ip",
        { family: "ipv4", address: network.gateway, prefix: network.prefixLength },
        element("dhcp", {}, range !== undefined && element("range", { start: range.first, end: range.last }), ...network.reservations.map(dhcpHost)),
      ),
      element(
        "dnsmasq:options",
        {},
        ...network.wildcards.map(({ name, ipAddress }) => element("dnsmasq:option", { value: `address=/${name}/${ipAddress}` })),
      ),
    ),
  );
}

export const dhcpHost = (host: Reservation): ReturnType<typeof element> =>
  element("host", { mac: host.macAddress, name: host.name, ip: host.ipAddress });

export const dnsHost = (record: DnsRecord): ReturnType<typeof element> =>
  element("host", { ip: record.ipAddress }, ...record.hostnames.map((hostname) => element("hostname", {}, hostname)));

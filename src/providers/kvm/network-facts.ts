import type { NetworkInputs } from "./network-inputs.ts";
import { machineEntries, type MachineEntry } from "./machine-entry.ts";
import { ownerOf, type Owner } from "./xml/metadata.ts";
import type { DnsRecord, ForwardMode, Reservation } from "./xml/network-xml.ts";
import { find, findAll, parseXml, textOf } from "./xml/parse-xml.ts";

/** A network document in the terms of our resource. */
export interface NetworkDocument {
  readonly uuid: string;
  readonly owner: Owner | undefined;
  readonly forward: ForwardMode;
  /** Without what the cluster's own Machines have in it, which comes and goes without the resource. */
  readonly inputs: NetworkInputs;
  /** The entries of Machines. */
  readonly machines: readonly MachineEntry[];
}

/** The records of machines are taken out of the DNS entries again. */
export function readNetwork(text: string): NetworkDocument {
  const document = parseXml(text);
  const owner = ownerOf(document);
  const ip = find(document, "ip");
  const range = ip === undefined ? undefined : find(ip, "dhcp", "range")?.attributes;
  const domain = find(document, "domain")?.attributes["name"] ?? "";
  const all: readonly Reservation[] = (ip === undefined ? [] : findAll(ip, "dhcp", "host")).map(({ attributes }) => ({
    name: attributes["name"] ?? "",
    macAddress: attributes["mac"] ?? "",
    ipAddress: attributes["ip"] ?? "",
  }));
  const records: readonly DnsRecord[] = findAll(document, "dns", "host").map((host) => ({
    ipAddress: host.attributes["ip"] ?? "",
    hostnames: findAll(host, "hostname").map(textOf),
  }));
  const machines = machineEntries(records, all, domain);
  const ofMachines = new Set<DnsRecord | Reservation | undefined>(machines.flatMap(({ record, reservation }) => [record, reservation]));
  const reservations = all.filter((each) => !ofMachines.has(each));
  const ofInstaller = new Set(reservations.map(({ name, ipAddress }) => `${ipAddress} ${name} ${name}.${domain}`));
  const isOwn = ({ ipAddress, hostnames }: DnsRecord): boolean => ofInstaller.has([ipAddress, ...hostnames].join(" "));
  return {
    uuid: textOf(find(document, "uuid")),
    owner,
    forward: (find(document, "forward")?.attributes["mode"] ?? "none") as ForwardMode,
    inputs: {
      name: textOf(find(document, "name")),
      infraID: owner?.infraID ?? "",
      bridge: find(document, "bridge")?.attributes["name"] ?? "",
      domain,
      gateway: ip?.attributes["address"] ?? "",
      prefixLength: Number(ip?.attributes["prefix"] ?? 24),
      ...(range === undefined ? {} : { dynamicRange: { first: range["start"] ?? "", last: range["end"] ?? "" } }),
      reservations: [...reservations],
      records: records
        .filter((record) => !isOwn(record) && !ofMachines.has(record))
        .map(({ ipAddress, hostnames }) => ({ ipAddress, hostnames: [...hostnames] })),
      wildcards: findAll(document, "options", "option").flatMap(({ attributes }) => {
        const [, name, ipAddress] = /^address=\/([^/]+)\/(.+)$/.exec(attributes["value"] ?? "") ?? [];
        return name === undefined || ipAddress === undefined ? [] : [{ name, ipAddress }];
      }),
    },
    machines,
  };
}

import type { NetworkInputs } from "./network-inputs.ts";
import { ownerOf, type Owner } from "./xml/metadata.ts";
import type { ForwardMode } from "./xml/network-xml.ts";
import { find, findAll, parseXml, textOf } from "./xml/parse-xml.ts";

/** A network document in the terms of our resource: the records of machines are taken out of the DNS entries again. */
export function readNetwork(text: string): {
  readonly uuid: string;
  readonly owner: Owner | undefined;
  readonly forward: ForwardMode;
  readonly inputs: NetworkInputs;
} {
  const document = parseXml(text);
  const owner = ownerOf(document);
  const ip = find(document, "ip");
  const range = ip === undefined ? undefined : find(ip, "dhcp", "range")?.attributes;
  const domain = find(document, "domain")?.attributes["name"] ?? "";
  const reservations = (ip === undefined ? [] : findAll(ip, "dhcp", "host")).map(({ attributes }) => ({
    name: attributes["name"] ?? "",
    macAddress: attributes["mac"] ?? "",
    ipAddress: attributes["ip"] ?? "",
  }));
  const records = findAll(document, "dns", "host").map((host) => ({
    ipAddress: host.attributes["ip"] ?? "",
    hostnames: findAll(host, "hostname").map(textOf),
  }));
  const ofMachine = new Set(reservations.map(({ name, ipAddress }) => `${ipAddress} ${name} ${name}.${domain}`));
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
      reservations,
      records: records.filter(({ ipAddress, hostnames }) => !ofMachine.has([ipAddress, ...hostnames].join(" "))),
      wildcards: findAll(document, "options", "option").flatMap(({ attributes }) => {
        const [, name, ipAddress] = /^address=\/([^/]+)\/(.+)$/.exec(attributes["value"] ?? "") ?? [];
        return name === undefined || ipAddress === undefined ? [] : [{ name, ipAddress }];
      }),
    },
  };
}

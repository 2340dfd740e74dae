import type { InstallConfig } from "../../install-config.ts";
import { duplicate, invalid, type IssueDraft, required, stricter, stricterForAssets } from "../../issue.ts";
import { type Address, type Cidr, contains, isEdge, networkOf, overlap, parseAddress, parseCidr, sameAddress } from "../../network/address.ts";
import { isDomain } from "../../network/dns-names.ts";
import { goUrlProblem } from "../../network/go-url.ts";
import { macProblem } from "../../network/mac-address.ts";
import { machineNetworks } from "../../network/machine-networks.ts";
import type { BaremetalKeys } from "./spec.ts";

const PATH = "platform.baremetal";
const LONGEST_IPV6_PREFIX = 64;

/** The network on which hosts are provisioned, and what the bootstrap machine needs there. Defaults are filled in. */
export function provisioningRules(config: InstallConfig, baremetal: BaremetalKeys): readonly IssueDraft[] {
  const machines = machineNetworks(config);
  return [
    ...(baremetal.provisioningNetwork === "Disabled" ? disabledRules(baremetal, machines) : networkRules(baremetal, machines)),
    ...macRules(baremetal),
    ...imageRules("bootstrapOSImage", baremetal.bootstrapOSImage ?? ""),
    ...imageRules("clusterOSImage", baremetal.clusterOSImage ?? ""),
    ...(/^[a-z][a-z0-9+.-]*:/i.test(baremetal.libvirtURI ?? "") && goUrlProblem(baremetal.libvirtURI ?? "") === undefined
      ? []
      : [invalid(`${PATH}.libvirtURI`, baremetal.libvirtURI, "must be an absolute URI, such as qemu:///system")]),
    ...staticRules(baremetal),
  ];
}

type AddressKey = "bootstrapProvisioningIP" | "clusterProvisioningIP" | "provisioningNetworkGateway";

/** @param problemOf what is wrong with a well-formed address */
function addressRules(baremetal: BaremetalKeys, key: AddressKey, problemOf: (address: Address) => string | undefined): readonly IssueDraft[] {
  const text = baremetal[key] ?? "";
  if (text === "") return [];
  const address = parseAddress(text);
  const problem = address === undefined ? "must be an IP address" : problemOf(address);
  return problem === undefined ? [] : [invalid(`${PATH}.${key}`, text, problem)];
}

/** Without such a network, the services are on the machine network. */
function disabledRules(baremetal: BaremetalKeys, machines: readonly Cidr[]): readonly IssueDraft[] {
  const place = (address: Address): string | undefined =>
    machines.some((network) => contains(network, address))
      ? undefined
      : `must be in a machine network, since provisioningNetwork is Disabled: ${machines.map(({ text }) => text).join(", ")}`;
  const cidr = baremetal.provisioningNetworkCIDR ?? "";
  return [
    // Not used, but OpenShift cannot read a file in which it is none.
    ...(cidr === "" || parseCidr(cidr) !== undefined ? [] : [noCidr(cidr)]),
    ...addressRules(baremetal, "bootstrapProvisioningIP", place),
    ...addressRules(baremetal, "clusterProvisioningIP", place),
    ...addressRules(baremetal, "provisioningNetworkGateway", () => undefined),
  ];
}

export const noCidr = (text: string): IssueDraft => invalid(`${PATH}.provisioningNetworkCIDR`, text, "is not a CIDR, such as 172.22.0.0/24");

function networkRules(baremetal: BaremetalKeys, machines: readonly Cidr[]): readonly IssueDraft[] {
  const text = baremetal.provisioningNetworkCIDR ?? "";
  const path = `${PATH}.provisioningNetworkCIDR`;
  const network = parseCidr(text);
  if (network === undefined) return [noCidr(text)];
  const outside = (address: Address): string | undefined =>
    contains(network, address) ? undefined : `is not in the provisioning network ${network.text}`;
  const cluster = parseAddress(baremetal.clusterProvisioningIP ?? "");
  const issues: IssueDraft[] = [];
  if (baremetal.provisioningNetwork === "Managed" && network.family === "IPv6" && network.prefix < LONGEST_IPV6_PREFIX)
    issues.push(invalid(path, text, `the prefix of an IPv6 network must be at least ${LONGEST_IPV6_PREFIX}: dnsmasq serves no larger one`));
  if (machines.some((other) => overlap(network, other))) issues.push(invalid(path, text, "must not overlap with a machine network"));
  if (network.ip !== network.first) issues.push(invalid(path, text, `is no network address; expecting ${networkOf(network)}`));
  return [
    ...issues,
    ...addressRules(
      baremetal,
      "bootstrapProvisioningIP",
      (address) => outside(address) ?? (machines.some((other) => contains(other, address)) ? "must not be in a machine network" : undefined),
    ),
    ...addressRules(baremetal, "clusterProvisioningIP", outside),
    ...addressRules(baremetal, "provisioningNetworkGateway", (address) => {
      if (cluster !== undefined && sameAddress(cluster, address)) return "is the address of the provisioning service, clusterProvisioningIP";
      return outside(address) ?? (isEdge(network, address) ? "is the network's own or its broadcast address" : undefined);
    }),
    ...ntpRules(baremetal.additionalNTPServers ?? []),
    ...rangeRules(baremetal, network),
  ];
}

const ntpRules = (servers: readonly string[]): readonly IssueDraft[] =>
  servers.flatMap((server, index) =>
    parseAddress(server) !== undefined || isDomain(server)
      ? []
      : [invalid(`${PATH}.additionalNTPServers[${index}]`, server, "must be an IP address or a domain name")],
  );

/** `first,last`: what the bootstrap machine gives out, and so none of the addresses that somebody has. */
function rangeRules(baremetal: BaremetalKeys, network: Cidr): readonly IssueDraft[] {
  const text = baremetal.provisioningDHCPRange ?? "";
  const path = `${PATH}.provisioningDHCPRange`;
  // The default begins at the tenth address: the network has none if it is smaller.
  if (text === "" && baremetal.provisioningNetwork === "Managed")
    return [invalid(path, text, `must be given, since the provisioning network ${network.text} is too small for the default`)];
  if (text === "") return [];
  const ends = text.split(",");
  if (ends.length !== 2) return [invalid(path, text, "must be the first and the last address, separated by a comma")];
  const [first, last] = ends.map(parseAddress);
  if (first === undefined || last === undefined) return [invalid(path, text, "must be two IP addresses, separated by a comma")];
  if (!contains(network, first) || !contains(network, last)) return [invalid(path, text, `is not in the provisioning network ${network.text}`)];
  return (["clusterProvisioningIP", "bootstrapProvisioningIP", "provisioningNetworkGateway"] as const).flatMap((key) =>
    addressRules(baremetal, key, ({ family, value }) =>
      family === first.family && value >= first.value && value <= last.value ? `is in the DHCP range ${text}` : undefined,
    ),
  );
}

function macRules({ externalMACAddress: external = "", provisioningMACAddress: provisioning = "" }: BaremetalKeys): readonly IssueDraft[] {
  const issues = Object.entries({ externalMACAddress: external, provisioningMACAddress: provisioning }).flatMap(([key, mac]) => {
    const problem = mac === "" ? undefined : macProblem(mac);
    if (problem === undefined) return [];
    const issue = invalid(`${PATH}.${key}`, mac, problem);
    return [isOtherwiseWritten(mac) ? stricter(issue) : issue];
  });
  return provisioning !== "" && provisioning.toLowerCase() === external.toLowerCase()
    ? [...issues, duplicate(`${PATH}.provisioningMACAddress`, provisioning)]
    : issues;
}

/** `52-54-00-12-34-56`, `5254.0012.3456` and `525400123456`, which Go reads, of one interface only; all zero is one to it. */
const isOtherwiseWritten = (mac: string): boolean =>
  /^[0-9a-f][02468ace](?:(?:([:-])[0-9a-f]{2})(?:\1[0-9a-f]{2}){4}|[0-9a-f]{2}(?:(?:\.[0-9a-f]{4}){2}|[0-9a-f]{8}))$/i.test(mac);

function imageRules(key: string, url: string): readonly IssueDraft[] {
  if (url === "") return [];
  const path = `${PATH}.${key}`;
  if (goUrlProblem(url) !== undefined || !/^https?:/i.test(url)) return [invalid(path, url, "must be an http(s) URL with ?sha256=")];
  const digest = new URLSearchParams(url.split("#", 1)[0]?.split("?").slice(1).join("?")).get("sha256") ?? "";
  return digest.length === 64 ? [] : [invalid(path, url, "must have the parameter sha256 with 64 hexadecimal digits")];
}

/** The bootstrap machine's static address: all three keys, or none. A DNS server alone changes nothing. */
function staticRules(baremetal: BaremetalKeys): readonly IssueDraft[] {
  const keys = ["bootstrapExternalStaticIP", "bootstrapExternalStaticGateway", "bootstrapExternalStaticDNS"] as const;
  const given = keys.filter((key) => (baremetal[key] ?? "") !== "");
  if (given.length === 0) return [];
  const mark = given.some((key) => key !== "bootstrapExternalStaticDNS") ? stricterForAssets : stricter;
  return keys
    .filter((key) => !given.includes(key))
    .map((key) => mark(required(`${PATH}.${key}`, `must be given together with ${given.join(" and ")}`)));
}

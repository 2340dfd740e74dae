import { document, isNotFound, isNotRunning, isTaken, type Libvirt } from "./libvirt.ts";
import { find, findAll, parseXml, textOf } from "./xml/parse-xml.ts";
import { machineOf, ownerOf, type MachineMark, type Owner } from "./xml/metadata.ts";

export interface DomainFacts {
  readonly name: string;
  readonly uuid: string;
  /** Undefined for a domain that is not ours. */
  readonly owner: Owner | undefined;
  /** The Machine that it was made for; undefined for one that the installer has made. */
  readonly machine: MachineMark | undefined;
  /** In libvirt's words: `running`, `paused`, `shut off`, `crashed`… */
  readonly state: string;
  readonly running: boolean;
  readonly cpus: number;
  readonly memoryMB: number;
  readonly macAddress: string | undefined;
  readonly diskPath: string | undefined;
  readonly acceleration: string;
  readonly network: { readonly kind: string; readonly name: string } | undefined;
}

/** A domain's facts by name or UUID, as it will be at its next start, or undefined if there is none. */
export async function domainFacts(libvirt: Libvirt, nameOrUuid: string): Promise<DomainFacts | undefined> {
  const printed = await libvirt.virshAllIfExists(description(nameOrUuid));
  return printed === undefined ? undefined : readPrinted(printed);
}

/** The facts after a command that changes the domain, by the same virsh. */
export async function factsAfter(libvirt: Libvirt, change: readonly string[], nameOrUuid: string): Promise<DomainFacts> {
  return readPrinted(await libvirt.virshAll([change, ...description(nameOrUuid)]));
}

const description = (nameOrUuid: string): readonly (readonly string[])[] => [
  ["dumpxml", "--domain", nameOrUuid, "--inactive"],
  ["domstate", "--domain", nameOrUuid],
];

/** What those print. */
function readPrinted(printed: string): DomainFacts {
  const end = printed.lastIndexOf(END) + END.length;
  const state = printed.slice(end).trim();
  return { ...readDomain(printed.slice(0, end).trim()), state, running: !OFF.test(state) };
}

const END = "</domain>";
const OFF = /^(shut off|crashed)/;
const PER_MIB: Readonly<Record<string, number>> = {
  b: 1 / 2 ** 20,
  bytes: 1 / 2 ** 20,
  KiB: 1 / 1024,
  k: 1 / 1024,
  MiB: 1,
  M: 1,
  GiB: 1024,
  G: 1024,
};

/** The facts in a domain document. */
export function readDomain(text: string): Omit<DomainFacts, "running" | "state"> {
  const domain = parseXml(text);
  const memory = find(domain, "memory");
  const nic = find(domain, "devices", "interface");
  const source = nic === undefined ? undefined : find(nic, "source")?.attributes;
  const kind = nic?.attributes["type"];
  const network = kind === undefined ? undefined : source?.[kind];
  return {
    name: textOf(find(domain, "name")),
    uuid: textOf(find(domain, "uuid")),
    owner: ownerOf(domain),
    machine: machineOf(domain),
    cpus: Number(textOf(find(domain, "vcpu"))),
    memoryMB: Math.round(Number(textOf(memory)) * (PER_MIB[memory?.attributes["unit"] ?? "KiB"] ?? 1 / 1024)),
    macAddress: nic === undefined ? undefined : find(nic, "mac")?.attributes["address"],
    diskPath: findAll(domain, "devices", "disk", "source")[0]?.attributes["file"],
    acceleration: domain.attributes["type"] ?? "kvm",
    network: kind === undefined || network === undefined ? undefined : { kind, name: network },
  };
}

/** False: another domain has the name. One of the same name and UUID gets this description. */
export async function defineDomain(libvirt: Libvirt, xml: string): Promise<boolean> {
  try {
    await libvirt.virsh(["define", "--file", document(xml)]);
    return true;
  } catch (error) {
    if (isTaken(error)) return false;
    throw error;
  }
}

/** UUIDs of all domains on the host. */
export async function allDomains(libvirt: Libvirt): Promise<readonly string[]> {
  return (await libvirt.virsh(["list", "--all", "--uuid"]))
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
}

/** What each domain on the host does, by name, in libvirt's words. */
export async function domainStates(libvirt: Libvirt): Promise<ReadonlyMap<string, string>> {
  const table = await libvirt.virsh(["list", "--all"]);
  return new Map([...table.matchAll(/^ *(?:\d+|-) +(\S+) +(\S.*?) *$/gm)].map(([, name = "", state = ""]) => [name, state]));
}

/** Names of the domains on the host. */
export async function domainNames(libvirt: Libvirt, which: "running" | "all"): Promise<ReadonlySet<string>> {
  const list = await libvirt.virsh(["list", "--name", ...(which === "all" ? ["--all"] : [])]);
  return new Set(
    list
      .split("\n")
      .map((line) => line.trim())
      .filter(Boolean),
  );
}

/** Pulls the plug and forgets the domain; one that is off or gone already is success. Volumes stay. */
export async function removeDomain(libvirt: Libvirt, nameOrUuid: string): Promise<void> {
  await powerOff(libvirt, nameOrUuid);
  await libvirt.virshIfExists(["undefine", "--domain", nameOrUuid, "--nvram", "--managed-save", "--snapshots-metadata", "--checkpoints-metadata"]);
}

export async function powerOff(libvirt: Libvirt, nameOrUuid: string): Promise<void> {
  try {
    await libvirt.virsh(["destroy", "--domain", nameOrUuid]);
  } catch (error) {
    if (!isNotRunning(error) && !isNotFound(error)) throw error;
  }
}

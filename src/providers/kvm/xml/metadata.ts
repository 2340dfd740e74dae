import { element, type XmlElement } from "./xml.ts";
import { find } from "./parse-xml.ts";

/** The namespace of our element in `<metadata>`: who a domain or network belongs to. Scan and destroy go by it, never by names. */
export const OWNER_NAMESPACE = "https://virt-ipi.dev/xmlns/owner/1";
/** That of the element which says for which Machine of the cluster's a domain was made. It is replaced on its own. */
export const MACHINE_NAMESPACE = "https://virt-ipi.dev/xmlns/machine/1";
export const MACHINE_PREFIX = "virt-ipi-machine";

export interface Owner {
  readonly infraID: string;
  /** `network`, or the role of a machine. */
  readonly role: string;
}

/** What a domain says of the Machine that it was made for. */
export interface MachineMark {
  readonly uid: string;
  /** All of it was made, once. Until then it is not there for the cluster, and created again by whoever creates it. */
  readonly complete: boolean;
  /** The address that it was given; absent where somebody else gives it one. */
  readonly address?: string | undefined;
}

export function ownerElement(owner: Owner, machine?: MachineMark): XmlElement {
  const { infraID, role } = owner;
  const mark = element("virt-ipi:owner", { "xmlns:virt-ipi": OWNER_NAMESPACE, infraID, role });
  return element("metadata", {}, mark, machine !== undefined && machineElement(machine, `${MACHINE_PREFIX}:machine`));
}

/** @param name with the prefix, or without, where a command adds it */
export function machineElement({ uid, complete, address }: MachineMark, name = "machine"): XmlElement {
  const declared = name.includes(":") ? { [`xmlns:${MACHINE_PREFIX}`]: MACHINE_NAMESPACE } : {};
  return element(name, { ...declared, uid, complete: String(complete), address });
}

/** The owner written into a domain's or network's XML, or undefined if it is not ours. */
export function ownerOf(document: XmlElement): Owner | undefined {
  const { infraID, role } = attributesOf(document, "owner", OWNER_NAMESPACE);
  return infraID !== undefined && role !== undefined ? { infraID, role } : undefined;
}

/** The Machine written into a domain's XML. */
export function machineOf(document: XmlElement): MachineMark | undefined {
  const { uid, complete, address } = attributesOf(document, "machine", MACHINE_NAMESPACE);
  return uid === undefined ? undefined : { uid, complete: complete === "true", ...(address === undefined ? {} : { address }) };
}

function attributesOf(document: XmlElement, name: string, namespace: string): Readonly<Record<string, string | undefined>> {
  const found = find(document, "metadata", name);
  const prefix = found?.name.includes(":") === true ? found.name.split(":")[0] : undefined;
  return found?.attributes[prefix === undefined ? "xmlns" : `xmlns:${prefix}`] === namespace ? found.attributes : {};
}

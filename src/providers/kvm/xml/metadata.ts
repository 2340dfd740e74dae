import { element, type XmlElement } from "./xml.ts";
import { find } from "./parse-xml.ts";

/** The namespace of our element in `<metadata>`: who a domain or network belongs to. Scan and destroy go by it, never by names. */
export const OWNER_NAMESPACE = "https://virt-ipi.dev/xmlns/owner/1";

export interface Owner {
  readonly infraID: string;
  /** `network`, or the role of a machine. */
  readonly role: string;
}

export function ownerElement(owner: Owner): XmlElement {
  return element("metadata", {}, element("virt-ipi:owner", { "xmlns:virt-ipi": OWNER_NAMESPACE, infraID: owner.infraID, role: owner.role }));
}

/** The owner written into a domain's or network's XML, or undefined if it is not ours. */
export function ownerOf(document: XmlElement): Owner | undefined {
  const found = find(document, "metadata", "owner");
  const prefix = found?.name.includes(":") === true ? found.name.split(":")[0] : undefined;
  const namespace = found?.attributes[prefix === undefined ? "xmlns" : `xmlns:${prefix}`];
  const { infraID, role } = found?.attributes ?? {};
  return namespace === OWNER_NAMESPACE && infraID !== undefined && role !== undefined ? { infraID, role } : undefined;
}

import type { Clock, Entropy } from "../util/index.ts";

/** Who a cluster is. Made once, kept in the cluster folder, and the only thing that destroy goes by. */
export interface Identity {
  /** `<name, at most 21 characters>-<5 random characters>`; the base of every name we give. */
  readonly infraID: string;
  /** UUID v4 */
  readonly clusterID: string;
  /** ISO 8601; certificates begin here. */
  readonly createdAt: string;
}

const ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
const LONGEST_NAME = 21;
const SUFFIX = 5;
/** As long as a domain name: the machine's host name may be one. */
const LONGEST_MACHINE_NAME = 253;

/** The infraID as openshift-install makes it. Source: openshift/installer pkg/asset/installconfig/clusterid.go, by description. */
export function makeInfraId(clusterName: string, entropy: Entropy): string {
  const base = clusterName
    .replaceAll(/[^A-Za-z0-9-]/g, "-")
    .replaceAll(/-+/g, "-")
    .slice(0, LONGEST_NAME)
    .replace(/-+$/, "");
  let suffix = "";
  while (suffix.length < SUFFIX) {
    // 243 = 9 * 27: bytes above it are drawn again, so that all characters are equally likely.
    for (const byte of entropy(SUFFIX)) if (byte < 243 && suffix.length < SUFFIX) suffix += ALPHABET[byte % ALPHABET.length];
  }
  return `${base}-${suffix}`;
}

const INFRA_ID = /^[a-z0-9](?:[a-z0-9-]{0,19}[a-z0-9])?-[a-z0-9]{5}$/;

/** True for an infraID as we and openshift-install make them: never a pattern, a path or a part of another name. */
export const isInfraID = (text: unknown): text is string => typeof text === "string" && INFRA_ID.test(text);

const OWN_NAME = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/;

/** True for `<infraID>-<something>`, the form of every machine's name: a name that a file gives and that has it not is somebody else's. */
export function isNameOfCluster(infraID: string, name: string): boolean {
  return name.startsWith(`${infraID}-`) && name.length <= LONGEST_MACHINE_NAME && OWN_NAME.test(name);
}

/** An identity that was read from a file; undefined if it is none. */
export function parseIdentity(value: unknown): Identity | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { infraID, clusterID, createdAt } = value as Partial<Record<keyof Identity, unknown>>;
  if (!isInfraID(infraID) || typeof clusterID !== "string" || typeof createdAt !== "string") return undefined;
  return isUuid(clusterID) && !Number.isNaN(Date.parse(createdAt)) ? { infraID, clusterID, createdAt } : undefined;
}

export const isUuid = (text: string): boolean => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);

export function makeIdentity(clusterName: string, clock: Clock, entropy: Entropy): Identity {
  return { infraID: makeInfraId(clusterName, entropy), clusterID: uuid(entropy), createdAt: clock.now().toISOString() };
}

function uuid(entropy: Entropy): string {
  const bytes = Buffer.from(entropy(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

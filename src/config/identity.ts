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

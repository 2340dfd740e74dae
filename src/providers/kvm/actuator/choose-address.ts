import { createHash } from "node:crypto";
import { ADDRESS_OFFSETS, addressAt } from "../../../config/index.ts";
import type { NetworkDocument } from "../network-facts.ts";

/** Addresses that machines have from the network's DHCP server just now, with their MAC addresses in lower case. */
export type Leases = ReadonlyMap<string, string>;

export interface AddressWish {
  readonly name: string;
  readonly macAddress: string;
  /** The address that the machine has had; another one only if that is somebody else's. */
  readonly before?: string | undefined;
}

/**
 * A free address of a managed network for a machine, or undefined if there is none. It begins to look at a place that follows from the machine's
 * name, so that an attempt which was interrupted chooses the same again, and two machines seldom the same.
 *
 * The upper part, from which DHCP gives addresses to unknown machines, comes first: what lies below is for machines of the plan, which may grow.
 */
export function chooseAddress(network: NetworkDocument, leases: Leases, { name, macAddress, before }: AddressWish): string | undefined {
  const { gateway, prefixLength } = network.inputs;
  const taken = takenAddresses(network, leases, macAddress);
  const last = 2 ** (32 - prefixLength) - 2;
  // Empty in a network that is too small for it.
  const upper = between(ADDRESS_OFFSETS.firstDynamic, last);
  const lower = between(ADDRESS_OFFSETS.compute, Math.min(last, ADDRESS_OFFSETS.firstDynamic - 1));
  const hash = createHash("sha256").update(name).digest().readUInt32BE(0);
  const places = [upper, lower].flatMap(({ first, length }) =>
    Array.from({ length: Math.min(length, MOST) }, (_, index) => first + ((hash + index) % length)),
  );
  const addresses = places.map((offset) => addressAt(`${gateway}/${prefixLength}`, offset));
  return before !== undefined && addresses.includes(before) && !taken.has(before) ? before : addresses.find((address) => !taken.has(address));
}

/** More than any bridge has machines. */
const MOST = 4096;

const between = (first: number, last: number): { readonly first: number; readonly length: number } => ({
  first,
  length: Math.max(0, last - first + 1),
});

function takenAddresses({ inputs, machines }: NetworkDocument, leases: Leases, macAddress: string): ReadonlySet<string> {
  const entries = [...inputs.reservations, ...inputs.records, ...inputs.wildcards, ...machines.map(({ record }) => record)];
  const leased = [...leases].flatMap(([ipAddress, mac]) => (mac === macAddress ? [] : [ipAddress]));
  return new Set([inputs.gateway, ...entries.map(({ ipAddress }) => ipAddress), ...leased]);
}

/** `virsh net-dhcp-leases`' table. */
export function readLeases(table: string): Leases {
  return new Map(
    [...table.matchAll(/([0-9a-f]{2}(?::[0-9a-f]{2}){5})\s+ipv4\s+([\d.]+)\//gi)].map(([, mac = "", ip = ""]) => [ip, mac.toLowerCase()]),
  );
}

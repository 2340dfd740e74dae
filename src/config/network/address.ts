import { isIPv4, isIPv6 } from "node:net";
import ipaddr from "ipaddr.js";

export type Family = "IPv4" | "IPv6";

export interface Address {
  readonly family: Family;
  readonly value: bigint;
}

export interface Cidr {
  readonly family: Family;
  /** The address as written, host bits included. */
  readonly ip: bigint;
  /** First and last address. */
  readonly first: bigint;
  readonly last: bigint;
  readonly prefix: number;
  /** As written. */
  readonly text: string;
}

const BITS = { IPv4: 32, IPv6: 128 } as const;

/** Strict: no leading zeros, no short forms, no zone. An IPv4 address inside IPv6 counts as IPv4. */
export function parseAddress(text: string): Address | undefined {
  if (isIPv4(text)) return { family: "IPv4", value: numberOf(ipaddr.parse(text)) };
  if (!isIPv6(text) || text.includes("%")) return undefined;
  const parsed = ipaddr.IPv6.parse(text);
  return parsed.isIPv4MappedAddress() ? { family: "IPv4", value: numberOf(parsed.toIPv4Address()) } : { family: "IPv6", value: numberOf(parsed) };
}

const numberOf = (address: ipaddr.IPv4 | ipaddr.IPv6): bigint => address.toByteArray().reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);

/** `10.0.0.0/16`, `fd00::/48`; host bits may be set. */
export function parseCidr(text: string): Cidr | undefined {
  const [ip, length, ...rest] = text.split("/");
  if (ip === undefined || length === undefined || rest.length > 0 || !/^(?:0|[1-9]\d{0,2})$/.test(length)) return undefined;
  const address = parseAddress(ip);
  const prefix = Number(length);
  if (address === undefined || prefix > BITS[address.family]) return undefined;
  const size = 1n << BigInt(BITS[address.family] - prefix);
  const first = address.value - (address.value % size);
  return { family: address.family, ip: address.value, first, last: first + size - 1n, prefix, text };
}

/** `10.0.0.0/8` for `10.0.0.0/08`, which Go reads; undefined for what is not of that form, or needs no other. */
export function withoutZeros(text: string): string | undefined {
  const plain = text.replace(/\/0+(?=\d+$)/, "/");
  return plain !== text && parseCidr(plain) !== undefined ? plain : undefined;
}

export const contains = (cidr: Cidr, address: Address): boolean =>
  cidr.family === address.family && address.value >= cidr.first && address.value <= cidr.last;
export const overlap = (a: Cidr, b: Cidr): boolean => a.family === b.family && a.first <= b.last && b.first <= a.last;
export const sameAddress = (a: Address, b: Address): boolean => a.family === b.family && a.value === b.value;
export const addressBits = (family: Family): number => BITS[family];

export function formatAddress({ family, value }: Address): string {
  const bytes = Array.from({ length: BITS[family] / 8 }, (_, index) => Number((value >> BigInt(BITS[family] - 8 * (index + 1))) & 255n));
  return ipaddr.fromByteArray(bytes).toString();
}

/** Whether an address is a network's own or its broadcast address, which no machine can have. */
export const isEdge = (network: Cidr, address: Address): boolean =>
  network.family === "IPv4" && network.prefix < 31 && (address.value === network.first || address.value === network.last);

/** The address of a machine that is given with its prefix length. */
export const hostAddress = ({ family, ip }: Cidr): Address => ({ family, value: ip });

/** A CIDR as Go writes it, host bits included: without leading zeros, in small letters, short. Of another text: that text. */
export function shortCidr(text: string): string {
  const cidr = parseCidr(text);
  return cidr === undefined ? text : `${formatAddress({ family: cidr.family, value: cidr.ip })}/${cidr.prefix}`;
}

/** `10.0.0.0/16`: the network that a CIDR lies in, written as it should be. */
export const networkOf = (cidr: Cidr): string => `${formatAddress({ family: cidr.family, value: cidr.first })}/${cidr.prefix}`;

import { createHash } from "node:crypto";

/** What is wrong with a MAC address for a machine's network interface; undefined if nothing. */
export function macProblem(mac: string): string | undefined {
  if (!/^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/i.test(mac)) return "must be six hexadecimal pairs separated by colons, such as 52:54:00:12:34:56";
  if ((Number.parseInt(mac.slice(0, 2), 16) & 1) === 1) return "is a group address: its first pair must be even";
  return mac === "00:00:00:00:00:00" ? "must not be all zero" : undefined;
}

/** A range that MAC addresses are taken from: the first three bytes, and how many values the fourth has, from 0. */
export interface MacRange {
  /** Lower-case, as in `52:54:00`. */
  readonly prefix: string;
  /** A power of two, at most 256. */
  readonly fourthBytes: number;
}

/** What QEMU leaves to its users. */
export const QEMU_MACS: MacRange = { prefix: "52:54:00", fourthBytes: 256 };

/** A MAC address that stays the same for a machine's whole life, also when it is created again. */
export function macAddressOf(infraID: string, machineName: string, { prefix, fourthBytes }: MacRange = QEMU_MACS): string {
  const [first = 0, ...rest] = createHash("sha256").update(`${infraID}/${machineName}`).digest().subarray(0, 3);
  return [prefix, ...[first % fourthBytes, ...rest].map((byte) => byte.toString(16).padStart(2, "0"))].join(":");
}

/** The first of a name's MAC addresses that nobody has: one in four million is taken by chance, then the next that belongs to the name. */
export function freeMacAddress(infraID: string, machineName: string, isTaken: (mac: string) => boolean, range?: MacRange): string {
  for (let attempt = 0; ; attempt++) {
    const mac = macAddressOf(infraID, attempt === 0 ? machineName : `${machineName}/${attempt}`, range);
    if (!isTaken(mac)) return mac;
  }
}

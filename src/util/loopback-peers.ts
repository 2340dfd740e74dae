import { subscribe } from "node:diagnostics_channel";
import { readFileSync } from "node:fs";
import type { Socket } from "node:net";
import { endianness } from "node:os";
import { InstallerError } from "../errors/index.ts";

/** One end of a TCP connection, as a socket shows it. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

const TABLES = ["/proc/net/tcp", "/proc/net/tcp6"] as const;
/** A table that changes while it is read may lack a row. */
const LOOKS = 3;

let guarded = false;

/**
 * From now on every TCP server of this process, also one that a library starts, refuses connections over loopback whose peer
 * is not this process's own user, before a byte of them is read: loopback is open to all users of a host, and gRPC as Pulumi
 * uses it asks for no credentials. Only Linux shows whose a connection is; elsewhere nothing is refused.
 * @throws InstallerError PEERS_UNKNOWN where Linux does not show it either, since then nobody could connect
 */
export function refuseOtherUsers(): void {
  if (guarded || process.platform !== "linux") return;
  try {
    readFileSync(TABLES[0]);
  } catch (error) {
    throw new InstallerError("PEERS_UNKNOWN", `cannot read ${TABLES[0]}`, { value: TABLES[0], cause: error });
  }
  guarded = true;
  // Published in the same turn as the server's own "connection" event (Node's lib/net.js), so before anything can be read.
  subscribe("net.server.socket", (message) => refuseForeign((message as { readonly socket: Socket }).socket));
}

function refuseForeign(socket: Socket): void {
  const own = endpoint(socket.localAddress, socket.localPort);
  // A pipe has no address: the mode of its file says who may connect.
  if (own === undefined || !isLoopback(bytesOf(own.address))) return;
  const peer = endpoint(socket.remoteAddress, socket.remotePort);
  if (peer === undefined || !isOwn(peer, own)) socket.on("error", () => undefined).resetAndDestroy();
}

const endpoint = (address: string | undefined, port: number | undefined): Endpoint | undefined =>
  address === undefined || port === undefined ? undefined : { address, port };

function isOwn(peer: Endpoint, own: Endpoint): boolean {
  for (let look = 0; look < LOOKS; look++) {
    const uid = userOf(peer, own, TABLES.map(readTable));
    if (uid !== undefined) return uid === process.geteuid?.();
  }
  return false;
}

/** Without IPv6 there is no second table. */
function readTable(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}

/**
 * The user at the other end of a connection, by the row that has `peer` as its local and `own` as its remote address. "nobody" for an end that
 * its program has closed: it has no inode any more, and on many kernels user 0, whoever had it. Undefined: there is no such row.
 * @param tables texts of /proc/net/tcp and tcp6. Source: Linux Documentation/networking/proc_net_tcp.rst
 */
export function userOf(peer: Endpoint, own: Endpoint, tables: readonly string[]): number | "nobody" | undefined {
  for (const local of tableForms(peer)) {
    for (const remote of tableForms(own)) {
      for (const table of tables) {
        const row = ` ${local} ${remote} `;
        const at = table.indexOf(row);
        if (at < 0) continue;
        const [state, , , , uid, , inode] = table.slice(at + row.length, table.indexOf("\n", at)).split(/\s+/);
        return state === ESTABLISHED && inode !== "0" ? Number(uid) : "nobody";
      }
    }
  }
  return undefined;
}

const ESTABLISHED = "01";

/** An IPv4 connection stands in the IPv6 table, as ::ffff:a.b.c.d, when its program has an IPv6 socket. */
function tableForms({ address, port }: Endpoint): readonly string[] {
  const bytes = bytesOf(address);
  const forms = bytes.length === 4 ? [bytes, [...MAPPED, ...bytes]] : [bytes];
  return forms.map((form) => `${hexOf(form)}:${port.toString(16).toUpperCase().padStart(4, "0")}`);
}

const MAPPED = [...zeros(10), 0xff, 0xff];

function zeros(count: number): readonly number[] {
  return Array.from({ length: count }, () => 0);
}

const isLoopback = (bytes: readonly number[]): boolean => (bytes.length === 4 ? bytes[0] === 127 : bytes.join() === [...zeros(15), 1].join());

/** The 4 or 16 bytes of an address as Node writes it, which is inet_ntop's way; an IPv4-mapped one is IPv4. ipaddr.js would cost every start of the CLI. */
function bytesOf(address: string): readonly number[] {
  const [head, tail] = address.split("::").map((part) => part.split(":").flatMap(groupBytes));
  if (head === undefined || tail === undefined) return head ?? [];
  const bytes = [...head, ...zeros(16 - head.length - tail.length), ...tail];
  return bytes.slice(0, 12).join() === MAPPED.join() ? bytes.slice(12) : bytes;
}

function groupBytes(group: string): readonly number[] {
  if (group === "") return [];
  if (group.includes(".")) return group.split(".").map(Number);
  const value = Number.parseInt(group, 16);
  return [value >> 8, value & 0xff];
}

/** Words of 32 bits, each written as the number that it is to this processor. */
function hexOf(bytes: readonly number[]): string {
  const words = Array.from({ length: bytes.length / 4 }, (_, word) => bytes.slice(word * 4, word * 4 + 4));
  return words
    .flatMap((word) => (endianness() === "LE" ? word.toReversed() : word))
    .map((byte) => byte.toString(16).toUpperCase().padStart(2, "0"))
    .join("");
}

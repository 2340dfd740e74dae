import { describe, expect, it } from "vitest";
import { userOf, type Endpoint } from "../../../src/util/loopback-peers.ts";

/** As Linux 6.1 writes them on a little-endian machine. */
const TCP = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 20001 1 0000000000000000 100 0 0 10 0
   1: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 20002 1 0000000000000000 20 4 0 10 -1
   2: 0100007F:C350 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1000        0 20003 1 0000000000000000 20 4 0 10 -1
   3: 0100007F:C351 0100007F:1F90 05 00000000:00000000 00:00000000 00000000     0        0 0 1 0000000000000000 20 4 0 10 -1
   4: 0100007F:C352 0100007F:1F90 06 00000000:00000000 03:00000F00 00000000     0        0 0 3 0000000000000000
   5: 0501A8C0:C353 0100007F:1F90 01 00000000:00000000 00:00000000 00000000 65534        0 20004 1 0000000000000000 20 4 0 10 -1
`;
const TCP6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0000000000000000FFFF00000100007F:C354 0000000000000000FFFF00000100007F:1F90 01 00000000:00000000 00:00000000 00000000   101        0 20005 1 0000000000000000 20 4 0 10 -1
   1: 00000000000000000000000001000000:C355 00000000000000000000000001000000:1F90 01 00000000:00000000 00:00000000 00000000   102        0 20006 1 0000000000000000 20 4 0 10 -1
   2: B80D0120000000000000000001000000:C356 00000000000000000000000001000000:1F90 01 00000000:00000000 00:00000000 00000000   103        0 20007 1 0000000000000000 20 4 0 10 -1
`;

const SERVER: Endpoint = { address: "127.0.0.1", port: 8080 };

describe("the user at the other end of a connection", () => {
  it.each<[what: string, peer: Endpoint, own: Endpoint, user: number | "nobody" | undefined]>([
    ["has the row from the peer to us, not our own", { address: "127.0.0.1", port: 50_000 }, SERVER, 1000],
    ["is the same behind an IPv4-mapped address", { address: "::ffff:127.0.0.1", port: 50_000 }, { address: "::ffff:127.0.0.1", port: 8080 }, 1000],
    ["is in the IPv6 table for a program with an IPv6 socket", { address: "127.0.0.1", port: 50_004 }, SERVER, 101],
    ["comes over IPv6", { address: "::1", port: 50_005 }, { address: "::1", port: 8080 }, 102],
    ["comes from another address of this host", { address: "192.168.1.5", port: 50_003 }, SERVER, 65_534],
    ["comes from another IPv6 address of this host", { address: "2001:db8::1", port: 50_006 }, { address: "::1", port: 8080 }, 103],
    ["is nobody when the program has closed its end", { address: "127.0.0.1", port: 50_001 }, SERVER, "nobody"],
    ["is nobody in TIME_WAIT", { address: "127.0.0.1", port: 50_002 }, SERVER, "nobody"],
    ["is not known without a row", { address: "127.0.0.1", port: 50_009 }, SERVER, undefined],
    ["is not known by another port of ours", { address: "127.0.0.1", port: 50_000 }, { address: "127.0.0.1", port: 8081 }, undefined],
  ])("%s", (_what, peer, own, user) => {
    expect(userOf(peer, own, [TCP, TCP6])).toBe(user);
  });

  it("is found without a table of IPv6", () => {
    expect(userOf({ address: "127.0.0.1", port: 50_000 }, SERVER, [TCP, ""])).toBe(1000);
  });
});

import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { chooseAddress, readLeases, type Leases } from "../../../../../src/providers/kvm/actuator/choose-address.ts";
import { memoryOf, rankHosts, type HostOffer } from "../../../../../src/providers/kvm/actuator/choose-host.ts";
import { hostOfProviderId, hostPart, providerIdOf } from "../../../../../src/providers/kvm/actuator/find.ts";
import { machineRecord } from "../../../../../src/providers/kvm/machine-entry.ts";
import { Libvirt } from "../../../../../src/providers/kvm/libvirt.ts";
import type { NetworkDocument } from "../../../../../src/providers/kvm/network-facts.ts";

const UID = "0a1b2c3d-0000-4000-8000-000000000001";
const NOBODY: Leases = new Map();

function network(prefixLength = 24, change: Partial<NetworkDocument["inputs"]> = {}, machines: NetworkDocument["machines"] = []): NetworkDocument {
  const inputs = {
    name: "n",
    infraID: "c-abcde",
    bridge: "b",
    domain: "c.example.com",
    gateway: "192.168.126.1",
    prefixLength,
    reservations: [{ name: "c-abcde-master-0", macAddress: "52:54:00:00:00:10", ipAddress: "192.168.126.10" }],
    records: [{ ipAddress: "192.168.126.5", hostnames: ["api.c.example.com"] }],
    wildcards: [{ name: "apps.c.example.com", ipAddress: "192.168.126.6" }],
    ...change,
  };
  return { uuid: "u", owner: undefined, forward: "nat", inputs, machines };
}
const wish = (name: string) => ({ name, macAddress: "52:54:00:00:00:99" });
const last = (address: string | undefined): number => Number(address?.split(".").at(-1));

describe("a machine's address", () => {
  it("is in the upper part, the same each time, and seldom that of another name", () => {
    const names = Array.from({ length: 40 }, (_, index) => `c-abcde-worker-${index}`);
    const chosen = names.map((name) => chooseAddress(network(), NOBODY, wish(name)));
    expect(chosen).toEqual(names.map((name) => chooseAddress(network(), NOBODY, wish(name))));
    for (const address of chosen) expect(last(address)).toBeGreaterThanOrEqual(100);
    expect(new Set(chosen).size).toBeGreaterThan(30);
  });

  it("is never one that something else has, as long as there is another, and is none when there is none", () => {
    const outlets = fc.uniqueArray(fc.integer({ min: 20, max: 62 }), { maxLength: 43 });
    fc.assert(
      fc.property(outlets, outlets, outlets, outlets, fc.string(), (reserved, recorded, made, leased, name) => {
        const at = (offset: number): string => `192.168.126.${offset}`;
        const entries = made.map((offset) => ({
          uid: UID,
          name: "m",
          record: machineRecord(UID, "m", "c.example.com", at(offset)),
          reservation: undefined,
        }));
        const document = network(
          26,
          {
            reservations: reserved.map((offset) => ({ name: `${offset}`, macAddress: `${offset}`, ipAddress: at(offset) })),
            records: recorded.map((offset) => ({ ipAddress: at(offset), hostnames: ["x"] })),
          },
          entries,
        );
        const taken = new Set([...reserved, ...recorded, ...made, ...leased]);
        const chosen = chooseAddress(document, new Map(leased.map((offset) => [at(offset), "52:54:00:00:00:01"])), wish(name));
        if (taken.size === 43) expect(chosen).toBeUndefined();
        else {
          expect(taken.has(last(chosen))).toBe(false);
          expect(last(chosen)).toBeGreaterThanOrEqual(20);
          expect(last(chosen)).toBeLessThanOrEqual(62);
        }
      }),
    );
  });

  it("is the one that it had, unless that is taken or no machine's", () => {
    for (const before of ["192.168.126.30", "192.168.126.250"]) expect(chooseAddress(network(), NOBODY, { ...wish("m"), before })).toBe(before);
    const of = chooseAddress(network(), NOBODY, wish("m"));
    for (const before of ["192.168.126.1", "192.168.126.5", "192.168.126.6", "192.168.126.10", "192.168.126.255", "10.0.0.1", "x"])
      expect(chooseAddress(network(), NOBODY, { ...wish("m"), before })).toBe(of);
  });

  it("may be one that the machine itself has a lease of", () => {
    const table = ` Expiry Time           MAC address         Protocol   IP address            Hostname   Client ID or DUID
------------------------------------------------------------------
 2026-11-29 15:00:00   52:54:00:00:00:99   ipv4       192.168.126.130/24    m          01:52
 2026-11-29 15:00:00   52:54:00:00:00:98   ipv4       192.168.126.131/24    -          -`;
    const leases = readLeases(table);
    expect([...leases]).toEqual([
      ["192.168.126.130", "52:54:00:00:00:99"],
      ["192.168.126.131", "52:54:00:00:00:98"],
    ]);
    expect(chooseAddress(network(), leases, { ...wish("m"), before: "192.168.126.130" })).toBe("192.168.126.130");
    expect(chooseAddress(network(), leases, { ...wish("m"), before: "192.168.126.131" })).not.toBe("192.168.126.131");
  });
});

describe("a machine's host", () => {
  const offer = (uri: string, [totalMB, availableMB, committedMB]: readonly [number, number, number], weight = 1, promisedMB = 0): HostOffer => ({
    host: { uri, weight, pool: "p", network: { kind: "bridge", name: "b" }, image: "i" },
    memory: { totalMB, availableMB, committedMB },
    promisedMB,
  });
  const ranked = (offers: readonly HostOffer[], memoryMB = 1000): readonly string[] => rankHosts(offers, memoryMB).map(({ uri }) => uri);

  it("is the one whose memory the fewest machines may take, by its weight, and has room now", () => {
    const [a, b] = [offer("a", [16_000, 15_000, 8_000]), offer("b", [16_000, 15_000, 4_000])];
    expect(ranked([a, b])).toEqual(["b", "a"]);
    expect(ranked([offer("a", [16_000, 15_000, 8_000], 2), b])).toEqual(["a", "b"]);
    expect(ranked([a, offer("b", [16_000, 15_000, 4_000], 1, 5_000)])).toEqual(["a", "b"]);
    expect(ranked([a, offer("b", [16_000, 900, 4_000])])).toEqual(["a"]);
    expect(ranked([a, offer("c", [16_000, 15_000, 8_000])])).toEqual(["a", "c"]);
  });

  it("is none for now, or never", () => {
    expect(() => ranked([offer("a", [16_000, 900, 0])])).toThrow(expect.objectContaining({ kind: "Failed", reason: "InsufficientMemory" }) as Error);
    expect(() => ranked([offer("a", [16_000, 1_500, 0], 1, 600)])).toThrow(
      expect.objectContaining({
        reason: "InsufficientMemory",
        message: "1000 MiB are wanted, but there are only 900 of 16000 MiB free on a",
      }) as Error,
    );
    expect(() => ranked([offer("a", [900, 900, 0]), offer("b", [999, 900, 0])])).toThrow(
      expect.objectContaining({ kind: "Invalid", reason: "MemoryExceedsHosts" }) as Error,
    );
  });

  it("shows its memory by virsh", async () => {
    const stdout = `total  :              24684092 KiB
free   :               2005576 KiB
buffers:                309612 KiB
cached :              18379708 KiB

Domain: 'a'
  balloon.current=65536
  balloon.maximum=65536
Domain: 'b'
  balloon.current=1000
  balloon.maximum=131072
`;
    const libvirt = new Libvirt("qemu:///system", { run: () => Promise.resolve({ stdout, stderr: "", exitCode: 0 }), env: {} });
    expect(await memoryOf(libvirt)).toEqual({ totalMB: 24_105, availableMB: 20_209, committedMB: 192 });
  });
});

describe("a providerID", () => {
  it.each([
    ["qemu:///system", "local"],
    ["qemu:///system?socket=/run/x", "local"],
    ["qemu+ssh://root@kvm1.example.com:2222/system", "kvm1.example.com"],
    ["qemu+tls://[fd00::1]/system", "fd00--1"],
  ])("names the host of %s as %s", (uri, part) => {
    expect(providerIdOf(uri, UID)).toBe(`kvm:///${part}/${UID}`);
    expect(hostOfProviderId(providerIdOf(uri, UID))).toBe(hostPart(uri));
  });

  it.each([undefined, "", "vsphere://1", "kvm://x/y"])("is none of ours: %j", (id) => expect(hostOfProviderId(id)).toBeUndefined());
});

import { describe, expect, it } from "vitest";
import {
  addressAt,
  type ClusterSpec,
  loadClusterSpec,
  makeIdentity,
  makeInfraId,
  planMachines,
  reservedAddresses,
} from "../../../src/config/index.ts";
import { macAddressOf } from "../../../src/config/network/mac-address.ts";
import type { Clock, Entropy } from "../../../src/util/index.ts";
import { kvm, kvmBridge, vsphere, vsphereStatic, vsphereZones, yamlOf } from "./verdicts/support.ts";

/** Bytes 0, 1, 2, … */
function counting(): Entropy {
  let next = 0;
  return (size) => Uint8Array.from({ length: size }, () => next++ & 255);
}

const clock: Clock = { now: () => new Date("2026-01-02T03:04:05Z"), sleep: async () => {} };
const identity = makeIdentity("test", clock, counting());
const spec = (base: typeof kvm, change: Readonly<Record<string, unknown>> = {}): ClusterSpec => loadClusterSpec(yamlOf(base, change));

describe("infraID", () => {
  it.each([
    ["test", "test"],
    ["a-name-of-more-than-21-characters", "a-name-of-more-than-2"],
    ["a.name.with.dots", "a-name-with-dots"],
    ["a---b", "a-b"],
    ["twenty-characters-ab-", "twenty-characters-ab"],
    ["exactly-twenty-one-ch-and-more", "exactly-twenty-one-ch"],
    ["cut-before-a-hyphen-x-y", "cut-before-a-hyphen-x"],
  ])("of %s begins with %s", (name, base) => {
    expect(makeInfraId(name, counting())).toBe(`${base}-bcdfg`);
  });

  it("has five random characters without vowels and look-alikes", () => {
    const entropy = counting();
    for (let round = 0; round < 200; round++) expect(makeInfraId("x", entropy)).toMatch(/^x-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
  });

  it("uses all characters equally often", () => {
    const counts = new Map<string, number>();
    const entropy = counting();
    // 256 draws of 5 bytes are 5 rounds through all byte values: 243 of 256 are used, 9 for each of 27 characters.
    for (let round = 0; round < 243; round++)
      for (const letter of makeInfraId("x", entropy).slice(2)) counts.set(letter, (counts.get(letter) ?? 0) + 1);
    expect(counts.size).toBe(27);
    expect(Math.max(...counts.values()) - Math.min(...counts.values())).toBeLessThanOrEqual(12);
  });

  it("comes with a UUID v4 and the time", () => {
    expect(identity.clusterID).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(identity.createdAt).toBe("2026-01-02T03:04:05.000Z");
  });
});

describe("reservedAddresses", () => {
  it.each([
    ["a managed network", kvm, ["192.168.126.5", "192.168.126.6", "192.168.126.1"]],
    ["a bridge", kvmBridge, ["10.20.0.5", "10.20.0.6"]],
    ["static hosts", vsphereStatic, ["10.0.0.5", "10.0.0.6", "10.0.0.1", "10.0.0.2"]],
  ])("are VIPs, gateways and DNS servers, as far as they are known, of %s", (_what, base, addresses) => {
    expect(reservedAddresses(spec(base))).toEqual(addresses);
  });
});

describe("addressAt", () => {
  it.each([
    ["192.168.126.0/24", 5, "192.168.126.5"],
    ["10.0.0.0/8", 300, "10.0.1.44"],
    ["10.255.255.0/24", 255, "10.255.255.255"],
    ["192.168.126.77/24", 1, "192.168.126.1"],
  ])("%s + %i is %s", (cidr, offset, address) => {
    expect(addressAt(cidr, offset)).toBe(address);
  });
});

describe("the machine plan", () => {
  it("names the machines and gives them their places on a managed network", () => {
    const plan = planMachines(spec(kvm), identity);
    expect(plan.map(({ name, role, ipAddress }) => [name.replace(identity.infraID, ""), role, ipAddress])).toEqual([
      ["-bootstrap", "bootstrap", "192.168.126.9"],
      ["-master-0", "control-plane", "192.168.126.10"],
      ["-master-1", "control-plane", "192.168.126.11"],
      ["-master-2", "control-plane", "192.168.126.12"],
      ["-worker-0", "compute", "192.168.126.20"],
      ["-worker-1", "compute", "192.168.126.21"],
    ]);
  });

  it("gives nobody the address or the MAC address of another, with as many machines as are allowed", () => {
    const big = spec(kvm, { "controlPlane.replicas": 5, "compute[0].replicas": 80 });
    const plan = planMachines(big, identity);
    expect(plan).toHaveLength(86);
    const addresses = [...plan.map(({ ipAddress }) => ipAddress), ...big.vips.api, ...big.vips.ingress, "192.168.126.1"];
    expect(new Set(addresses).size).toBe(addresses.length);
    expect(new Set(plan.map(({ macAddress }) => macAddress)).size).toBe(plan.length);
  });

  it("is the same for the same input", () => {
    expect(planMachines(spec(kvm), identity)).toEqual(planMachines(spec(kvm), identity));
  });

  it("gives MAC addresses that belong to a name", () => {
    expect(macAddressOf("a-1", "a-1-master-0")).toMatch(/^52:54:00(:[0-9a-f]{2}){3}$/);
    expect(macAddressOf("a-1", "a-1-master-0")).not.toBe(macAddressOf("a-2", "a-1-master-0"));
  });

  it("follows the hosts of the user", () => {
    const plan = planMachines(spec(kvmBridge), identity);
    expect(plan.find(({ name }) => name.endsWith("master-0"))).toMatchObject({ macAddress: "52:54:00:20:00:10", ipAddress: "10.20.0.10" });
    expect(plan.find(({ name }) => name.endsWith("worker-0"))).toMatchObject({ macAddress: "52:54:00:20:00:20", ipAddress: "10.20.0.20" });
    expect(plan.find(({ name }) => name.endsWith("master-1"))).not.toHaveProperty("ipAddress");
  });

  it("gives the bootstrap machine its own size", () => {
    const plan = planMachines(spec(kvm, { "platform.kvm.bootstrap": { cpus: 3, memoryMB: 3000, osDisk: { diskSizeGB: 30 } } }), identity);
    expect(plan[0]).toMatchObject({ role: "bootstrap", cpus: 3, memoryMB: 3000, diskSizeGB: 30 });
    expect(plan[1]).toMatchObject({ role: "control-plane", cpus: 2, memoryMB: 4096, diskSizeGB: 20 });
  });

  it("leaves addresses to vsphere's DHCP", () => {
    for (const machine of planMachines(spec(vsphere), identity)) expect(machine).not.toHaveProperty("ipAddress");
  });

  const zonesOf = (change: Readonly<Record<string, unknown>>): string[] =>
    planMachines(spec(vsphereZones, change), identity).map(
      ({ name, vsphere: place }) => `${name.replace(`${identity.infraID}-`, "")} ${place?.failureDomain ?? "nowhere"}`,
    );

  it("goes round the failure domains, the bootstrap machine with the first control-plane machine", () => {
    expect(zonesOf({ "controlPlane.replicas": 5 })).toEqual([
      "bootstrap fd-1",
      "master-0 fd-1",
      "master-1 fd-2",
      "master-2 fd-3",
      "master-3 fd-1",
      "master-4 fd-2",
      "worker-0 fd-1",
      "worker-1 fd-2",
    ]);
  });

  it("goes round a pool's own zones in their order, then those of the default platform", () => {
    const change = { "controlPlane.platform.vsphere.zones": ["fd-3", "fd-2"], "platform.vsphere.defaultMachinePlatform.zones": ["fd-2"] };
    expect(zonesOf(change)).toEqual(["bootstrap fd-3", "master-0 fd-3", "master-1 fd-2", "master-2 fd-3", "worker-0 fd-2", "worker-1 fd-2"]);
  });

  it("gives each failure domain its share of many machines", () => {
    const machines = planMachines(spec(vsphereZones, { "compute[0].replicas": 100 }), identity).filter(({ role }) => role === "compute");
    const counts = new Map<string, number>();
    for (const { vsphere: place } of machines) counts.set(place?.failureDomain ?? "", (counts.get(place?.failureDomain ?? "") ?? 0) + 1);
    expect([...counts]).toEqual([
      ["fd-1", 34],
      ["fd-2", 33],
      ["fd-3", 33],
    ]);
  });

  it("follows the hosts of vsphere, also to a failure domain out of turn", () => {
    const change = { "platform.vsphere.failureDomains[1]": other, "platform.vsphere.hosts[2].failureDomain": "fd-b" };
    const plan = planMachines(spec(vsphereStatic, change), identity);
    expect(plan.map(({ ipAddress, vsphere: place }) => `${ipAddress ?? ""} ${place?.failureDomain ?? ""}`)).toEqual([
      "10.0.1.9 fd",
      "10.0.1.10 fd",
      "10.0.1.11 fd-b",
      "10.0.1.12 fd",
      "10.0.1.20 fd",
      "10.0.1.21 fd-b",
    ]);
  });

  it("carries sockets and data disks, but no data disk to the bootstrap machine", () => {
    const pool = { cpus: 8, coresPerSocket: 2, dataDisks: [{ name: "data", sizeGiB: 10, provisioningMode: "Thick" }] };
    const plan = planMachines(spec(vsphereStatic, { "controlPlane.platform.vsphere": pool }), identity);
    expect(plan[0]?.vsphere).toEqual({ failureDomain: "fd", coresPerSocket: 2, dataDisks: [] });
    expect(plan[1]).toMatchObject({ cpus: 8, vsphere: { coresPerSocket: 2, dataDisks: pool.dataDisks } });
    expect(plan.at(-1)).toMatchObject({ cpus: 2, vsphere: { coresPerSocket: 2, dataDisks: [] } });
  });

  it("takes MAC addresses from the range that vCenter leaves free", () => {
    const macs = planMachines(spec(vsphereZones, { "compute[0].replicas": 400 }), identity).map(({ macAddress }) => macAddress);
    expect(new Set(macs).size).toBe(macs.length);
    for (const mac of macs) expect(mac).toMatch(/^00:50:56:[0-3][0-9a-f](:[0-9a-f]{2}){2}$/);
  });

  it("gives nobody a MAC address that by chance is another's", () => {
    const taken = macAddressOf(identity.infraID, `${identity.infraID}-master-1`);
    const plan = planMachines(spec(kvmBridge, { "platform.kvm.hosts[0].macAddress": taken.toUpperCase() }), identity);
    expect(plan.find(({ name }) => name.endsWith("master-0"))?.macAddress).toBe(taken);
    expect(plan.find(({ name }) => name.endsWith("master-1"))?.macAddress).toMatch(/^52:54:00/);
    expect(new Set(plan.map(({ macAddress }) => macAddress)).size).toBe(plan.length);
  });
});

const other = {
  name: "fd-b",
  region: "r",
  zone: "z2",
  server: "vc.example.com",
  topology: { datacenter: "dc", computeCluster: "/dc/host/c2", networks: ["VM Network"], datastore: "/dc/datastore/d" },
};

import { describe, expect, it } from "vitest";
import { planMachines } from "../../../../src/config/index.ts";
import { metadataOf, parseMetadata } from "../../../../src/providers/kvm/metadata.ts";
import { addressIn } from "../../../../src/providers/kvm/machine-address.ts";
import { bridgeName, isVolumeOfMachine } from "../../../../src/providers/kvm/names.ts";
import { machineRecord } from "../../../../src/providers/kvm/machine-entry.ts";
import { readNetwork } from "../../../../src/providers/kvm/network-facts.ts";
import { planNetwork } from "../../../../src/providers/kvm/network-plan.ts";
import { overlaps } from "../../../../src/providers/kvm/preflight/addresses.ts";
import { availableMB, isOlder } from "../../../../src/providers/kvm/preflight/host.ts";
import { networkXml } from "../../../../src/providers/kvm/xml/network-xml.ts";
import { isLocal } from "../../../../src/providers/kvm/acceleration.ts";
import { kvmCluster } from "../../../helpers/kvm-cluster.ts";

describe("planNetwork", () => {
  it("places gateway, VIPs, machines and the dynamic range", () => {
    const { spec, identity } = kvmCluster();
    const network = planNetwork(spec, identity.infraID, planMachines(spec, identity));
    expect(network).toMatchObject({
      bridge: "vi-abcde",
      gateway: "192.168.126.1",
      prefixLength: 24,
      dynamicRange: { first: "192.168.126.100", last: "192.168.126.254" },
      records: [{ ipAddress: "192.168.126.5", hostnames: ["api.try.example.com", "api-int.try.example.com"] }],
      wildcards: [{ name: "apps.try.example.com", ipAddress: "192.168.126.6" }],
    });
    expect(network.reservations.map(({ name, ipAddress }) => `${name} ${ipAddress}`)).toEqual([
      "try-abcde-bootstrap 192.168.126.9",
      "try-abcde-master-0 192.168.126.10",
      "try-abcde-worker-0 192.168.126.20",
    ]);
  });

  it("leads the names to the control plane where there is no VIP, and has no dynamic range in a small network", () => {
    const { spec, identity } = kvmCluster({ machineNetwork: "10.1.2.0/27", vips: false });
    const network = planNetwork(spec, identity.infraID, planMachines(spec, identity));
    expect(network.dynamicRange).toBeUndefined();
    expect(network.records[0]?.ipAddress).toBe("10.1.2.10");
  });

  it("is what is read back from its document", () => {
    const { spec, identity } = kvmCluster();
    const inputs = planNetwork(spec, identity.infraID, planMachines(spec, identity));
    const text = networkXml({ ...inputs, dynamicRange: inputs.dynamicRange, forward: "nat", uuid: "u" });
    expect(readNetwork(text)).toEqual({ uuid: "u", owner: { infraID: "try-abcde", role: "network" }, forward: "nat", inputs, machines: [] });
  });

  it("keeps apart what the cluster's own Machines have in it, also half of it", () => {
    const { spec, identity } = kvmCluster();
    const inputs = planNetwork(spec, identity.infraID, planMachines(spec, identity));
    const [uid, half] = ["0a1b2c3d-0000-4000-8000-000000000001", "0a1b2c3d-0000-4000-8000-000000000002"];
    const reservation = { name: "try-abcde-worker-x1", macAddress: "52:54:00:00:00:01", ipAddress: "192.168.126.140" };
    const records = [
      machineRecord(uid, reservation.name, inputs.domain, "192.168.126.140"),
      machineRecord(half, "m", inputs.domain, "192.168.126.141"),
    ];
    const all = { ...inputs, reservations: [...inputs.reservations, reservation], records: [...inputs.records, ...records] };
    const found = readNetwork(networkXml({ ...all, dynamicRange: inputs.dynamicRange, forward: "nat" }));
    expect(found.inputs).toEqual(inputs);
    expect(found.machines).toEqual([
      { uid, name: reservation.name, record: records[0], reservation },
      { uid: half, name: "m", record: records[1], reservation: undefined },
    ]);
  });
});

describe("names", () => {
  it("give a bridge that a kernel takes, also for the longest infraID", () =>
    expect(bridgeName(`${"x".repeat(21)}-abcde`).length).toBeLessThanOrEqual(15));

  it.each([
    ["c-abcde-master-0.qcow2", true],
    ["c-abcde-master-0.ign", true],
    ["c-abcde-master-0.console.log", true],
    ["c-abcde-master-0.console.log.2", true],
    ["c-abcde-master-0.console.log.old", false],
    ["c-abcde-master-01.qcow2", false],
    ["c-abcde-master-0.qcow2.bak", false],
    ["xc-abcde-master-0.qcow2", false],
  ])("%s of c-abcde-master-0: %s", (volume, own) => expect(isVolumeOfMachine(volume, "c-abcde-master-0")).toBe(own));
});

describe("metadata", () => {
  it("holds all that destroy needs, and is read back", () => {
    const { spec, identity } = kvmCluster();
    const metadata = metadataOf(spec, identity, planMachines(spec, identity));
    expect(parseMetadata(JSON.parse(JSON.stringify(metadata)) as typeof metadata)).toEqual({
      platform: "kvm",
      uri: "qemu:///system",
      pool: "try-abcde",
      poolOwned: true,
      network: "try-abcde",
      machines: ["try-abcde-bootstrap", "try-abcde-master-0", "try-abcde-worker-0"],
    });
    expect(() => parseMetadata({ platform: "kvm" })).toThrow(expect.objectContaining({ id: "CLUSTER_UNKNOWN" }));
  });
});

describe("reading virsh", () => {
  it.each([
    ["10.0.0.0/8", "10.1.0.0/16", true],
    ["192.168.126.0/24", "192.168.127.0/24", false],
    ["192.168.126.7", "192.168.126.0/24", true],
    ["0.0.0.0/0", "10.0.0.0/24", true],
    ["fe80::/64", "10.0.0.0/24", false],
  ])("ranges %s and %s overlap: %s", (a, b, expected) => expect([overlaps(a, b), overlaps(b, a)]).toEqual([expected, expected]));

  it("adds up free memory", () =>
    expect(availableMB("total  :  24684092 KiB\nfree   :  1024 KiB\nbuffers:  2048 KiB\ncached :  3072 KiB\n")).toBe(6));

  it.each([
    ["6.9.1", true],
    ["7.0.0", false],
    ["10.1", false],
  ])("version %s is older than 7.0: %s", (version, older) => expect(isOlder(version, [7, 0])).toBe(older));

  it("finds the IPv4 address of a MAC address", () => {
    const table =
      " vnet0  52:54:00:00:00:01  ipv6  fe80::1/64\n vnet0  52:54:00:00:00:01  ipv4  10.0.0.9/24\n vnet1  52:54:00:00:00:02  ipv4  10.0.0.8/24";
    expect(addressIn(table, "52:54:00:00:00:02")).toBe("10.0.0.8");
    expect(addressIn(table, "52:54:00:00:00:01")).toBe("10.0.0.9");
    expect(addressIn(table, "52:54:00:00:00:03")).toBeUndefined();
  });

  it.each([
    ["qemu:///system", true],
    ["qemu:///system?socket=/x", true],
    ["qemu+ssh://root@host/system", false],
  ])("%s is local: %s", (uri, local) => expect(isLocal(uri)).toBe(local));
});

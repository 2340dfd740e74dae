import { describe, expect, it } from "vitest";
import { readProviderSpec, urisIn, type Allowed } from "../../../../../src/providers/kvm/actuator/provider-spec.ts";
import { withReason } from "../../../../../src/providers/kvm/actuator/reasons.ts";
import { InstallerError } from "../../../../../src/errors/index.ts";

const [A, B] = ["qemu:///system", "qemu+ssh://root@b/system"];
const allowed: Allowed = {
  uris: [A, B],
  pools: ["own", "fast"],
  images: ["own-base.qcow2"],
  networks: ["own", "br1"],
  defaults: { uri: A, pool: "own", image: "own-base.qcow2", network: { kind: "network", name: "own" } },
};
const MINIMAL = {
  apiVersion: "kvm.virt-ipi.io/v1alpha1",
  kind: "KVMMachineProviderSpec",
  cpus: 2,
  memoryMB: 2048,
  osDisk: { diskSizeGB: 20 },
  userDataSecret: { name: "worker-user-data" },
};
const read = (change: object = {}) => readProviderSpec({ ...MINIMAL, ...change }, allowed, {});
const own = { uri: A, weight: 1, pool: "own", image: "own-base.qcow2", network: { kind: "network", name: "own" } };

describe("a providerSpec", () => {
  it("is on the cluster's own host, pool, network and image where it says nothing", () => expect(read().hosts).toEqual([own]));

  it("gives to its hosts what they do not say themselves", () => {
    const network = { kind: "bridge", name: "br1" } as const;
    expect(
      read({
        pool: "fast",
        hosts: [
          { uri: B, weight: 2, network },
          { uri: A, pool: "own" },
        ],
      }).hosts,
    ).toEqual([{ ...own, uri: B, weight: 2, pool: "fast", network }, own]);
  });

  it.each([
    [{ hosts: [{ uri: A }, { uri: A }] }, "hosts[1].uri: names a host a second time"],
    [{ uri: A, hosts: [{ uri: B }] }, "uri: stands beside hosts, which names URIs of its own"],
    [{ hosts: [{ uri: B, pool: "other" }] }, 'hosts[0].pool: "other" is not one that this cluster may use (own, fast)'],
    [{ hosts: [] }, /^hosts: /],
    [{ hosts: [{ uri: B, extra: 1 }] }, "hosts[0]: unknown field extra"],
    [{ network: { kind: "network", name: "--help" } }, /^network\.name: must be a name/],
    [{ memoryMB: 1, cpus: 0.5 }, /^cpus: .*; memoryMB: /],
    [{ apiVersion: "kvm.virt-ipi.io/v9" }, /^apiVersion: /],
  ])("is refused where it is impossible: %j", (change, message) => {
    expect(() => read(change)).toThrow(expect.objectContaining({ kind: "Invalid", reason: "InvalidProviderSpec" }) as Error);
    expect(() => read(change)).toThrow(message);
  });

  it.each([undefined, null, "x", [], 1])("is refused where it is no object: %j", (value) =>
    expect(() => readProviderSpec(value, allowed, {})).toThrow(/^providerSpec\.value: /),
  );

  it("needs a network where the cluster's own is not known", () => {
    const { network: _network, ...defaults } = allowed.defaults;
    expect(() => readProviderSpec(MINIMAL, { ...allowed, defaults }, {})).toThrow("network: is missing");
  });

  it("says of hosts what it can where it is refused", () => {
    expect(urisIn({ uri: A, hosts: [{ uri: B }, { uri: 1 }, null, "x"] })).toEqual([A, B]);
    for (const value of [undefined, null, "x", { hosts: {} }]) expect(urisIn(value)).toEqual([]);
  });
});

describe("the reason of a failure", () => {
  it.each([
    ["unable to create disk: No space left on device", "PoolFull"],
    [
      "internal error: process exited while connecting to monitor: qemu-system-x86_64: cannot set up guest memory 'pc.ram': Cannot allocate memory",
      "InsufficientMemory",
    ],
    ["internal error: Unknown CPU model no-such", "CpuModelUnknown"],
    ["the CPU is incompatible with host CPU: Host CPU does not provide required features: avx512f", "CpuModelUnknown"],
    ["Cannot get interface MTU on 'br9': No such device", "NetworkMissing"],
    ["Network not found: no network with matching name 'n'", "NetworkMissing"],
    ["Storage pool not found: no storage pool with matching name 'p'", "PoolMissing"],
    ["Requested operation is not valid: storage pool 'p' is not active", "PoolInactive"],
    ["something else", "LibvirtFailed"],
  ])("of %j is %s", (message, reason) => expect(withReason(new InstallerError("LIBVIRT_FAILED", message))).toMatchObject({ reason, message }));

  it("is none of a failure that is not of libvirt", () => {
    for (const error of [new Error("x"), new InstallerError("INTERRUPTED", "stopped")]) expect(withReason(error)).toBe(error);
  });
});

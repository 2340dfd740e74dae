import { describe, expect, it } from "vitest";
import { fromResource, ignitionText, type IgnitionConfig, type IgnitionResource } from "../../../src/assets/ignition/index.ts";
import { clusterMachineIgnition, machineIgnition, poolUserData, type MachineIgnitionInput } from "../../../src/assets/machine-ignition.ts";
import type { MachineTokens } from "../../../src/assets/machine-token.ts";
import { machineConfigUrl, pointerIgnition } from "../../../src/assets/pointer-ignition.ts";
import type { StaticHost } from "../../../src/config/cluster-spec.ts";
import type { MachinePlan } from "../../../src/config/cluster-spec.ts";
import { planMachines } from "../../../src/config/machine-plan.ts";
import { IDENTITY, makeSpec } from "./spec.ts";

const managed = makeSpec(1, 1);
const bridged = makeSpec(1, 1, {
  platform: {
    name: "kvm",
    uri: "qemu:///system",
    network: { kind: "bridge", bridge: "br0" },
    bootstrap: { cpus: 1, memoryMB: 1024, diskSizeGB: 10 },
  },
});
const [bootstrap, master, worker] = planMachines(managed, IDENTITY) as [MachinePlan, MachinePlan, MachinePlan];
const staticHost: StaticHost = { role: "control-plane", ipAddrs: ["10.0.0.4/24"], gateway: "10.0.0.1", nameservers: ["10.0.0.2", "10.0.0.3"] };

const pointer = (change: object = {}): Map<string, { content: string; mode: number }> => {
  const config = { ...pointerIgnition(managed, "master", "CA\n"), ...change };
  return new Map([["master.ign", { content: ignitionText(config), mode: 0o600 }]]);
};
/** Stands for a token: its claims, where a real one has a signature of them. */
const tokens: MachineTokens = ({ pool, machine = "any" }) => `token-${pool}-${machine}`;
const input = (assets: MachineIgnitionInput["assets"], change: Partial<MachineIgnitionInput> = {}): MachineIgnitionInput => ({
  assets,
  spec: managed,
  start: { tokens, configs: new Map() },
  bootstrapping: true,
  ...change,
});
const filesOf = (text: string): Record<string, string> =>
  Object.fromEntries(
    ((JSON.parse(text) as IgnitionConfig).storage?.files ?? []).map((file) => [
      file.path,
      fromResource(file.contents ?? { source: "data:," }).toString(),
    ]),
  );

describe("the pointer", () => {
  it("has only the place to fetch from and the root to trust", () => {
    expect(pointerIgnition(managed, "worker", "CA\n")).toEqual({
      ignition: {
        version: "3.2.0",
        config: { merge: [{ source: "https://192.168.126.5:22623/config/worker" }] },
        security: { tls: { certificateAuthorities: [{ source: "data:text/plain;charset=utf-8;base64,Q0EK" }] } },
      },
    });
  });

  it("carries its pool's token, and keeps it on the machine where the control plane is", () => {
    const config = pointerIgnition(managed, "master", "CA\n", "t0k3n");
    expect(config.ignition.config?.merge).toEqual([
      { source: "https://192.168.126.5:22623/config/master", httpHeaders: [{ name: "Authorization", value: "Bearer t0k3n" }] },
    ]);
    expect(config.storage?.files).toEqual([expect.objectContaining({ path: "/etc/virt-ipi/machine-token", mode: 0o600 })]);
    expect(filesOf(ignitionText(config))["/etc/virt-ipi/machine-token"]).toBe("Authorization: Bearer t0k3n\n");
    expect(pointerIgnition(managed, "worker", "CA\n", "t0k3n")).not.toHaveProperty("storage");
  });

  it("goes by name without a VIP, and brackets IPv6", () => {
    expect(machineConfigUrl({ ...managed, vips: { api: [], ingress: [] } }, "master")).toBe("https://api-int.demo.example.com:22623/config/master");
    expect(machineConfigUrl({ ...managed, vips: { api: ["fd00::5"], ingress: [] } }, "master")).toBe("https://[fd00::5]:22623/config/master");
  });
});

describe("machineIgnition", () => {
  it("adds the machine's name to its pool's pointer", () => {
    const text = machineIgnition(input(pointer()), master);
    expect(filesOf(text)).toEqual({ "/etc/hostname": "demo-x7k2p-master-0\n" });
    expect((JSON.parse(text) as IgnitionConfig).ignition.config?.merge?.[0]?.source).toContain("/config/master");
  });

  it("gives the bootstrap machine the whole of bootstrap.ign", () => {
    const content = '{"ignition":{"version":"3.2.0"},"storage":{"files":[{"path":"/opt/x","contents":{"source":"data:,y"}}]},"luks":[1]}';
    const text = machineIgnition(input(new Map([["bootstrap.ign", { content, mode: 0o600 }]])), bootstrap);
    expect(filesOf(text)).toEqual({ "/opt/x": "y", "/etc/hostname": "demo-x7k2p-bootstrap\n" });
    expect(JSON.parse(text)).toHaveProperty("luks", [1]);
  });

  it("configures a static address on the user's bridge", () => {
    const text = machineIgnition(input(pointer(), { spec: bridged }), { ...master, staticHost });
    expect(filesOf(text)["/etc/systemd/network/05-virt-ipi-static.network"]).toBe(
      `[Match]\nMACAddress=${master.macAddress}\n\n[Network]\nDHCP=no\nAddress=10.0.0.4/24\nGateway=10.0.0.1\nDNS=10.0.0.2\nDNS=10.0.0.3\n`,
    );
  });

  it("leaves static addresses of our own network to its reservations", () => {
    expect(Object.keys(filesOf(machineIgnition(input(pointer()), { ...master, staticHost })))).toEqual(["/etc/hostname"]);
  });

  it("keeps what an edited pointer says", () => {
    const storage = { files: [{ path: "/etc/hostname", contents: { source: "data:,mine" } }] };
    expect(filesOf(machineIgnition(input(pointer({ storage })), master))).toEqual({ "/etc/hostname": "mine" });
  });

  describe("with tokens", () => {
    const withTokens = (pool: string, change: object = {}): MachineIgnitionInput["assets"] => {
      const config = { ...pointerIgnition(managed, pool, "CA\n", tokens({ pool })), ...change };
      return new Map([[`${pool}.ign`, { content: ignitionText(config), mode: 0o600 }]]);
    };
    const mergeOf = (text: string): unknown => (JSON.parse(text) as IgnitionConfig).ignition.config?.merge;

    it("puts the machine's own in the place of its pool's", () => {
      for (const machine of [master, worker]) {
        const text = machineIgnition(input(withTokens(machine.pool)), machine);
        expect(text).toContain(`Bearer token-${machine.pool}-${machine.name}`);
        expect(text).not.toContain("-any");
        expect(filesOf(text)["/etc/virt-ipi/machine-token"]).toBe(
          machine === master ? `Authorization: Bearer token-master-${master.name}\n` : undefined,
        );
      }
    });

    it("gives it to no server that an edited pointer names beside ours", () => {
      const merge = [
        { source: "https://mine.example.com/x", httpHeaders: [{ name: "Authorization", value: "Bearer mine" }] },
        { source: "https://y" },
      ];
      const text = machineIgnition(input(withTokens("worker", { ignition: { version: "3.2.0", config: { merge } } })), worker);
      expect(mergeOf(text)).toEqual(merge);
    });

    it("brings a control-plane machine that joins after bootstrapping all of its config, and a compute machine its pointer", () => {
      const whole = { ignition: { version: "3.2.0" }, storage: { files: [{ path: "/etc/whole" }] } } as const;
      const start = {
        tokens,
        configs: new Map([
          ["master", whole],
          ["worker", whole],
        ]),
      };
      const text = machineIgnition(input(withTokens("master"), { start, bootstrapping: false }), master);
      const [resource, ...more] = mergeOf(text) as [IgnitionResource];
      expect(more).toEqual([]);
      expect(JSON.parse(fromResource(resource).toString())).toEqual(whole);
      expect(resource).not.toHaveProperty("httpHeaders");
      expect(filesOf(text)["/etc/virt-ipi/machine-token"]).toBe(`Authorization: Bearer token-master-${master.name}\n`);
      expect(text).not.toContain("/config/master");
      expect(machineIgnition(input(withTokens("worker"), { start, bootstrapping: false }), worker)).toContain("/config/worker");
      expect(machineIgnition(input(withTokens("master"), { start }), master)).toContain("/config/master");
    });
  });

  it("names a missing asset", () => {
    expect(() => machineIgnition(input(pointer()), worker)).toThrow("no worker.ign");
  });

  it.each(['{"secret', "null", "[]", '{"ignition":{"version":"2.2.0"}}'])("refuses %s without quoting it", (content) => {
    const assets = new Map([["master.ign", { content, mode: 0o600 }]]);
    expect(() => machineIgnition(input(assets), master)).toThrow(
      expect.objectContaining({ id: "IGNITION_INVALID", message: expect.not.stringContaining("secret") as string }) as Error,
    );
  });
});

describe("a machine that the cluster asks for", () => {
  const auth = { tokens, pools: new Set(["worker"]) };
  const userData = (pool: string, change: Partial<IgnitionResource> = {}): string => {
    const config = pointerIgnition(managed, pool, "CA\n");
    const [merged = { source: "" }] = config.ignition.config?.merge ?? [];
    return ignitionText({ ...config, ignition: { ...config.ignition, config: { merge: [{ ...merged, ...change }] } } });
  };
  const headersIn = (text: string): unknown => (JSON.parse(text) as IgnitionConfig).ignition.config?.merge?.[0]?.httpHeaders;

  it("gets its name and its own token, in place of any other", () => {
    const httpHeaders = [
      { name: "X-Other", value: "stays" },
      { name: "authorization", value: "Bearer of-the-pool" },
    ];
    const text = clusterMachineIgnition(userData("worker", { httpHeaders }), "c-worker-x1", auth);
    expect(headersIn(text)).toEqual([
      { name: "X-Other", value: "stays" },
      { name: "Authorization", value: "Bearer token-worker-c-worker-x1" },
    ]);
    expect(filesOf(text)).toEqual({ "/etc/hostname": "c-worker-x1\n" });
  });

  it.each([
    ["for the control plane", userData("master")],
    ["for another server's port", userData("worker", { source: "https://192.168.126.5:443/config/worker" })],
    ["without TLS", userData("worker", { source: "http://192.168.126.5:22623/config/worker" })],
    ["for something else of the server", userData("worker", { source: "https://192.168.126.5:22623/etcd-endpoint" })],
    ["for what is no URL", userData("worker", { source: "worker" })],
  ])("gets no token %s", (_, text) => expect(headersIn(clusterMachineIgnition(text, "c-worker-x1", auth))).toBeUndefined());

  it("gets none where the server asks for none", () =>
    expect(headersIn(clusterMachineIgnition(userData("worker"), "c-worker-x1", undefined))).toBeUndefined());

  it.each([
    "",
    "planted",
    '{"ignition":{}}',
    '{"ignition":{"version":"3.2.0","config":{"merge":{"planted":1}}}}',
    '{"ignition":{"version":"3.2.0","config":{"merge":[null]}}}',
  ])("refuses %j, and quotes nothing of it", (text) => {
    expect(() => clusterMachineIgnition(text, "c-worker-x1", auth)).toThrow(expect.objectContaining({ id: "IGNITION_INVALID" }) as Error);
    expect(() => clusterMachineIgnition(text, "c-worker-x1", auth)).not.toThrow(/planted/);
  });
});

describe("what the machines of a pool are started with that the cluster asks for", () => {
  const edited = pointerIgnition(managed, "worker", "CA\n", "t0k3n");
  const merge = [...(edited.ignition.config?.merge ?? []), { source: "https://example.com/more.ign", httpHeaders: [{ name: "X", value: "1" }] }];
  const config = { ...edited, ignition: { ...edited.ignition, config: { merge } } };
  const assets = new Map([["worker.ign", { content: ignitionText(config), mode: 0o600 }]]);

  it("has no token, and what the user has added", () => {
    const text = poolUserData({ assets }, "worker");
    expect(text).not.toContain("t0k3n");
    expect((JSON.parse(text) as IgnitionConfig).ignition.config?.merge).toEqual([
      { source: "https://192.168.126.5:22623/config/worker" },
      { source: "https://example.com/more.ign", httpHeaders: [{ name: "X", value: "1" }] },
    ]);
  });

  it("becomes a machine's own by its own token", () => {
    const text = clusterMachineIgnition(poolUserData({ assets }, "worker"), "m-1", { tokens, pools: new Set(["worker"]) });
    expect((JSON.parse(text) as IgnitionConfig).ignition.config?.merge?.[0]?.httpHeaders).toEqual([
      { name: "Authorization", value: "Bearer token-worker-m-1" },
    ]);
  });

  it("is of a pool that there is", () => {
    expect(() => poolUserData({ assets }, "other")).toThrow(/there is no other.ign/);
  });
});

import { describe, expect, it } from "vitest";
import { fromResource, ignitionText, type IgnitionConfig } from "../../../src/assets/ignition/index.ts";
import { machineIgnition } from "../../../src/assets/machine-ignition.ts";
import { machineConfigUrl, pointerIgnition } from "../../../src/assets/pointer-ignition.ts";
import type { StaticHost } from "../../../src/config/cluster-spec.ts";
import { planMachines, type MachinePlan } from "../../../src/config/machine-plan.ts";
import { IDENTITY, makeSpec } from "./spec.ts";

const managed = makeSpec(1, 1);
const bridged = makeSpec(1, 1, {
  platform: {
    name: "kvm",
    uri: "qemu:///system",
    network: { kind: "bridge", bridge: "br0" },
    bootstrap: { cpus: 1, memoryMB: 1024, diskSizeGB: 10 },
    machineManagement: "Static",
  },
});
const [bootstrap, master, worker] = planMachines(managed, IDENTITY) as [MachinePlan, MachinePlan, MachinePlan];
const staticHost: StaticHost = { role: "control-plane", ipAddrs: ["10.0.0.4/24"], gateway: "10.0.0.1", nameservers: ["10.0.0.2", "10.0.0.3"] };

const pointer = (change: object = {}): Map<string, { content: string; mode: number }> => {
  const config = { ...pointerIgnition(managed, "master", "CA\n"), ...change };
  return new Map([["master.ign", { content: ignitionText(config), mode: 0o600 }]]);
};
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

  it("goes by name without a VIP, and brackets IPv6", () => {
    expect(machineConfigUrl({ ...managed, vips: { api: [], ingress: [] } }, "master")).toBe("https://api-int.demo.example.com:22623/config/master");
    expect(machineConfigUrl({ ...managed, vips: { api: ["fd00::5"], ingress: [] } }, "master")).toBe("https://[fd00::5]:22623/config/master");
  });
});

describe("machineIgnition", () => {
  it("adds the machine's name to its pool's pointer", () => {
    const text = machineIgnition(pointer(), managed, master);
    expect(filesOf(text)).toEqual({ "/etc/hostname": "demo-x7k2p-master-0\n" });
    expect((JSON.parse(text) as IgnitionConfig).ignition.config?.merge?.[0]?.source).toContain("/config/master");
  });

  it("gives the bootstrap machine the whole of bootstrap.ign", () => {
    const content = '{"ignition":{"version":"3.2.0"},"storage":{"files":[{"path":"/opt/x","contents":{"source":"data:,y"}}]},"luks":[1]}';
    const text = machineIgnition(new Map([["bootstrap.ign", { content, mode: 0o600 }]]), managed, bootstrap);
    expect(filesOf(text)).toEqual({ "/opt/x": "y", "/etc/hostname": "demo-x7k2p-bootstrap\n" });
    expect(JSON.parse(text)).toHaveProperty("luks", [1]);
  });

  it("configures a static address on the user's bridge", () => {
    const text = machineIgnition(pointer(), bridged, { ...master, staticHost });
    expect(filesOf(text)["/etc/systemd/network/05-virt-ipi-static.network"]).toBe(
      `[Match]\nMACAddress=${master.macAddress}\n\n[Network]\nDHCP=no\nAddress=10.0.0.4/24\nGateway=10.0.0.1\nDNS=10.0.0.2\nDNS=10.0.0.3\n`,
    );
  });

  it("leaves static addresses of our own network to its reservations", () => {
    expect(Object.keys(filesOf(machineIgnition(pointer(), managed, { ...master, staticHost })))).toEqual(["/etc/hostname"]);
  });

  it("keeps what an edited pointer says", () => {
    const storage = { files: [{ path: "/etc/hostname", contents: { source: "data:,mine" } }] };
    expect(filesOf(machineIgnition(pointer({ storage }), managed, master))).toEqual({ "/etc/hostname": "mine" });
  });

  it("names a missing asset", () => {
    expect(() => machineIgnition(pointer(), managed, worker)).toThrow("no worker.ign");
  });

  it.each(['{"secret', "null", "[]", '{"ignition":{"version":"2.2.0"}}'])("refuses %s without quoting it", (content) => {
    const assets = new Map([["master.ign", { content, mode: 0o600 }]]);
    expect(() => machineIgnition(assets, managed, master)).toThrow(
      expect.objectContaining({ id: "IGNITION_INVALID", message: expect.not.stringContaining("secret") as string }) as Error,
    );
  });
});

import { describe, expect, it } from "vitest";
import type { ClusterSpec } from "../../../../src/config/index.ts";
import { makeSpec } from "../spec.ts";
import { fileOf, machinesWith, unitOf } from "./machines.ts";

const ROLES = ["bootstrap", "master", "worker"];

describe("time servers", () => {
  it("are those of every machine, and no others", async () => {
    const machines = await machinesWith({ ntpServers: ["192.168.126.1", "ntp.example.com"] });
    for (const role of ROLES) {
      const config = machines.get(role);
      expect(fileOf(config, "/etc/systemd/timesyncd.conf.d/10-virt-ipi.conf")?.text).toBe(
        "[Time]\nNTP=192.168.126.1 ntp.example.com\nFallbackNTP=\n",
      );
      expect(unitOf(config, "systemd-timesyncd.service")).toEqual({ name: "systemd-timesyncd.service", enabled: true });
    }
  });

  it("are nobody where none is given", async () => {
    for (const [, config] of await machinesWith({})) expect(unitOf(config, "systemd-timesyncd.service")).toBeUndefined();
  });
});

describe("hyperthreading", () => {
  it("is switched off on the machines of the pool that says so, before the kubelet starts", async () => {
    const { pools } = makeSpec(1, 1);
    const off = { hyperthreadingDisabled: true } as const;
    const cases = [
      [{ ...pools, controlPlane: { ...pools.controlPlane, ...off } }, ["master"]],
      [{ ...pools, compute: pools.compute.map((pool) => ({ ...pool, ...off })) }, ["worker"]],
      [pools, []],
    ] as const;
    for (const [changed, expected] of cases) {
      const machines = await machinesWith({ pools: changed });
      const found = ROLES.filter((role) => unitOf(machines.get(role), "smt-off.service") !== undefined);
      expect(found).toEqual(expected);
      for (const role of found) {
        const unit = unitOf(machines.get(role), "smt-off.service");
        expect(unit).toMatchObject({ enabled: true });
        expect(unit?.contents).toMatch(/^Before=.*\bkubelet\.service$/m);
        expect(fileOf(machines.get(role), "/usr/local/libexec/virt-ipi/smt-off")?.mode).toBe(0o755);
      }
    }
  });
});

describe("the host name", () => {
  const vsphere = { name: "vsphere" } as ClusterSpec["platform"];

  it("is asked for by machines that the cluster creates where they are all started alike, before anything uses it", async () => {
    const machines = await machinesWith({ platform: vsphere, machineManagement: "MachineSets" });
    const unit = unitOf(machines.get("worker"), "host-name.service");
    expect(unit).toMatchObject({ enabled: true });
    expect(unit?.contents).toMatch(/^Before=node-address\.service$/m);
    expect(unit?.contents).toMatch(/^ConditionPathExists=!\/etc\/hostname$/m);
    expect(fileOf(machines.get("worker"), "/etc/virt-ipi/host-name-command")?.text).toBe('vmware-rpctool "info-get guestinfo.hostname"\n');
    expect(fileOf(machines.get("worker"), "/usr/local/libexec/virt-ipi/host-name")?.mode).toBe(0o755);
    expect(unitOf(machines.get("master"), "host-name.service")).toBeUndefined();
  });

  it("is among what a machine is started with everywhere else", async () => {
    for (const change of [{ platform: vsphere }, { machineManagement: "MachineSets" as const }])
      expect(unitOf((await machinesWith(change)).get("worker"), "host-name.service")).toBeUndefined();
  });
});

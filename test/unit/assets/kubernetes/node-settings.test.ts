import { describe, expect, it } from "vitest";
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

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunResult } from "../../../src/exec/index.ts";
import { ENTRY } from "../../helpers/cli.ts";
import { ControllerSite } from "../../helpers/controller-site.ts";
import { until } from "../../helpers/machine-api.ts";
import { RealSystemd } from "../../helpers/real-systemd.ts";

/** The machine controller as a unit: a real systemd, the real controllers, the real API. */
let site: ControllerSite;
let systemd: RealSystemd;
let unit: string;

beforeAll(async () => {
  [site, systemd] = await Promise.all([ControllerSite.open(), RealSystemd.start()]);
  unit = `virt-ipi-machine-controller-${site.libvirt.infraID}.service`;
});
afterAll(async () => {
  await systemd?.stop();
  await site?.close();
});

const cli = async (...args: readonly string[]): Promise<RunResult> =>
  await systemd.run(ENTRY, [...args, "--dir", site.folder.root], [1, 2, 3, 4, 5, 6, 7, 8]);

interface Status {
  readonly unit?: { readonly name: string; readonly scope: string; readonly state: { readonly state: string; readonly restarts: number } };
  readonly lease?: { readonly current: boolean; readonly holder: string };
  readonly controllers: readonly { readonly pid: number; readonly ready: boolean; readonly running: boolean }[];
}

async function status(): Promise<Status> {
  const { stdout, stderr, exitCode } = await cli("machine-controller", "status", "--output", "json");
  expect(exitCode, stderr).toBe(0);
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Status;
}

const ready = async (): Promise<Status> =>
  await until("the unit's controller is ready and acts", async () => {
    const now = await status();
    return now.controllers.some((each) => each.running && each.ready) && now.lease?.current === true ? now : undefined;
  });

describe("the unit of a machine controller", () => {
  it("is installed, and its controller acts", async () => {
    const installed = await cli("machine-controller", "install");
    expect(installed.exitCode, installed.stderr).toBe(0);
    expect(installed.stdout).toContain(`${unit}: active (running)`);
    expect(await ready()).toMatchObject({
      unit: { name: unit, scope: "system", state: { state: "active (running)", enabled: "enabled", restarts: 0 } },
    });
  });

  it("creates machines from within its sandbox", async () => {
    await site.machines.scale(site.setName, 1);
    await until("the machine is there", async () => (await site.ofSet()).some(({ status: is }) => is?.phase === "Provisioned"));
    await site.machines.scale(site.setName, 0);
    await until("it is gone", async () => (await site.ofSet()).length === 0);
  });

  it("is started again when its process is killed", async () => {
    const {
      controllers: [before],
      lease,
    } = await ready();
    process.kill(before?.pid ?? -1, "SIGKILL");
    // The Lease of the one that was killed is respected until it is over.
    await until("another process is ready and acts", async () => {
      const now = await status();
      const isReady = now.controllers.some(({ pid, ready: is }) => pid !== before?.pid && is);
      return isReady && now.lease?.current === true && now.lease.holder !== lease?.holder;
    });
    expect((await status()).unit?.state.restarts).toBe(1);
  });

  it("is started again by another install, with a new process", async () => {
    const [before] = (await ready()).controllers;
    expect((await cli("machine-controller", "install")).exitCode).toBe(0);
    expect((await ready()).controllers.map(({ pid }) => pid)).not.toContain(before?.pid);
  });

  it("is stopped in order and removed, and nothing of it is left", async () => {
    const removed = await cli("machine-controller", "uninstall");
    expect(removed.exitCode, removed.stderr).toBe(0);
    expect(removed.stdout).toContain(`${unit} is stopped and removed.`);
    expect(await status()).toEqual(expect.objectContaining({ controllers: [] }));
    expect(await status()).not.toHaveProperty("lease");
    expect((await systemd.run("systemctl", ["list-units", "--all", "--no-legend", "virt-ipi-*"])).stdout).toBe("");
    expect((await systemd.run("find", ["/etc/systemd/system", "/run/virt-ipi", "-name", "virt-ipi-*"], [1])).stdout).toBe("");
  });
});

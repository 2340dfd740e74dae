import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { controllerStatusText, installedControllerText, uninstalledControllerText } from "../../../src/cli/render/machine-controller.ts";
import { InstallerError, type ErrorId } from "../../../src/errors/index.ts";
import type { Runner } from "../../../src/exec/index.ts";
import type { Context } from "../../../src/installer/context.ts";
import { RecordingReporter } from "../../../src/installer/controller/record.ts";
import { makeRuntimeFolder, runtimeFolderOf } from "../../../src/installer/controller/runtime-folder.ts";
import { installController, uninstallController } from "../../../src/installer/controller/service.ts";
import { controllerStatus } from "../../../src/installer/controller/status.ts";
import { stopMachineController } from "../../../src/installer/controller/stop.ts";
import type { UnitFolders } from "../../../src/installer/controller/systemd.ts";
import { machineSetsFolder, type MachineSetsFolder } from "../../helpers/machine-sets-folder.ts";
import { serveCluster, type FakeApi } from "../../helpers/virtualization-api.ts";
import { FakeCluster } from "../../helpers/virtualization.ts";

/** Nothing else of this host has it. */
const INFRA_ID = `t${process.pid}-svctl`;
const UNIT = `virt-ipi-machine-controller-${INFRA_ID}.service`;
const LEASE = "/apis/coordination.k8s.io/v1/namespaces/openshift-machine-api/leases/virt-ipi-machine-api";
const STATE =
  "ActiveState=active\nSubState=running\nUnitFileState=enabled\nStateChangeTimestamp=Thu 2026-01-01 00:00:00 UTC\nNRestarts=2\nResult=success\n";

/** Of a process that is not there any more. */
const KILLED = { pid: 2 ** 22, startTime: "1", since: "2026-01-01T00:00:00Z", version: "1.2.3", errors: [] };

let api: FakeApi;
let cluster: FakeCluster;
let one: MachineSetsFolder;
let units: UnitFolders;
let calls: string[];
/** What each program says in place of nothing; an error is thrown. */
let answers: Record<string, string | ErrorId>;

beforeAll(async () => {
  api = await serveCluster(() => cluster);
});
afterAll(() => api?.close());

const run: Runner = (file, args) => {
  const line = [file, ...args].join(" ");
  calls.push(line);
  const answer = Object.entries(answers).find(([start]) => line.startsWith(start))?.[1] ?? "";
  if (/^[A-Z_]+$/.test(answer)) return Promise.reject(new InstallerError(answer as ErrorId, `${file}: it is not there`));
  return Promise.resolve({ stdout: answer, stderr: "", exitCode: 0 });
};

beforeEach(async () => {
  cluster = new FakeCluster();
  calls = [];
  answers = { [`systemctl show ${UNIT}`]: STATE, [`systemctl --user show ${UNIT}`]: STATE };
  const root = await mkdtemp(join(tmpdir(), "virt-ipi-units-"));
  units = { system: join(root, "system"), user: join(root, "user") };
  const env = { PATH: "/usr/bin:/bin", HOME: "/home/me", PULUMI_CONFIG_PASSPHRASE: "planted-secret", VIRT_IPI_LIBVIRT_URI_PARAMETERS: "command" };
  one = await machineSetsFolder({ infraID: INFRA_ID, kubeconfig: api.kubeconfig, run, env });
  as(0);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await one.remove();
  await rm(join(units.system, ".."), { recursive: true, force: true });
  await rm(runtimeFolderOf(INFRA_ID, {}), { recursive: true, force: true });
});

const as = (uid: number) => vi.spyOn(process, "geteuid").mockReturnValue(uid);
const written = async (): Promise<string> => await readFile(join(units.system, UNIT), "utf8");

describe("machine-controller install", () => {
  it("has the host's systemd run this program for this folder", async () => {
    const installed = await installController(one.world, units);
    expect(calls).toEqual([
      "machine-api-controllers -version",
      "systemctl show --property=Version",
      "systemctl daemon-reload",
      `systemctl enable ${UNIT}`,
      `systemctl restart ${UNIT}`,
      expect.stringContaining(`systemctl show ${UNIT} --property=ActiveState`) as string,
    ]);
    const text = await written();
    const main = join(import.meta.dirname, "../../../src/cli/main.ts");
    expect(text).toContain(
      `ExecStart="${process.execPath}" "--disable-warning=ExperimentalWarning" "${main}" "machine-controller" "run" "--dir" "${one.root}"\n`,
    );
    expect(text).toContain('Environment="PATH=/usr/bin:/bin"\nEnvironment="HOME=/home/me"\nEnvironment="VIRT_IPI_LIBVIRT_URI_PARAMETERS=command"\n');
    expect(text).toContain("\nWantedBy=multi-user.target\n");
    expect(text).not.toContain("planted");
    expect((await stat(join(units.system, UNIT))).mode & 0o777).toBe(0o644);
    expect(installedControllerText(installed)).toBe(
      `${UNIT}: active (running)\n  unit: ${join(units.system, UNIT)}\n  log: journalctl --unit ${UNIT}\nTo see how it does: virt-ipi machine-controller status`,
    );
  });

  it("takes up what has changed", async () => {
    await mkdir(units.system, { recursive: true });
    await writeFile(join(units.system, UNIT), "of an older version");
    await installController(one.world, units);
    expect(await written()).toContain("[Service]");
    expect(calls).toContain(`systemctl restart ${UNIT}`);
  });

  it("without root goes to the user's own systemd, and says when that ends with the session", async () => {
    as(1000);
    const installed = await installController(one.world, units);
    expect(await readdir(units.user)).toEqual([UNIT]);
    expect(calls.filter((call) => call.startsWith("systemctl")).every((call) => call.startsWith("systemctl --user "))).toBe(true);
    expect(calls).toContain("loginctl show-user 1000 --property=Linger");
    expect(installedControllerText(installed)).toContain("loginctl enable-linger");
    answers["loginctl"] = "Linger=yes\n";
    expect(installedControllerText(await installController(one.world, units))).not.toContain("enable-linger");
  });

  it.each<readonly [ErrorId, string, string]>([
    ["MACHINE_API_MISSING", "the controllers are not built", "machine-api-controllers"],
    ["SYSTEMD_MISSING", "there is no systemctl", "systemctl"],
  ])("%s: writes nothing where %s", async (id, _, program) => {
    answers = { [program]: "EXEC_NOT_FOUND" };
    await expect(installController(one.world, units)).rejects.toMatchObject({ id });
    await expect(readdir(units.system)).rejects.toThrow("ENOENT");
  });

  it("is of no use to a cluster whose machines the installer creates", async () => {
    await one.remove();
    one = await machineSetsFolder({ infraID: INFRA_ID, run, changes: { machineManagement: "Static" } });
    await expect(installController(one.world, units)).rejects.toMatchObject({ id: "MACHINE_SETS_OFF" });
  });
});

describe("machine-controller uninstall", () => {
  it("stops and removes this cluster's unit, and no other", async () => {
    await installController(one.world, units);
    const other = "virt-ipi-machine-controller-other-abcde.service";
    await writeFile(join(units.system, other), "");
    calls = [];
    expect(uninstalledControllerText(await uninstallController(one.world, units))).toBe(`${UNIT} is stopped and removed.`);
    expect(calls).toEqual([`systemctl disable --now ${UNIT}`, "systemctl daemon-reload", `systemctl reset-failed ${UNIT}`]);
    expect(await readdir(units.system)).toEqual([other]);
    calls = [];
    expect(uninstalledControllerText(await uninstallController(one.world, units))).toBe(`There is no unit ${UNIT} on this host.`);
    expect(calls).toEqual([]);
  });

  it("leaves a unit that cannot be stopped", async () => {
    await installController(one.world, units);
    answers["systemctl disable"] = "EXEC_FAILED";
    await expect(uninstallController(one.world, units)).rejects.toMatchObject({ id: "SYSTEMD_MISSING" });
    expect(await readdir(units.system)).toEqual([UNIT]);
  });

  it("says that the host's unit is root's to stop", async () => {
    await installController(one.world, units);
    as(1000);
    await expect(uninstallController(one.world, units)).rejects.toMatchObject({ id: "MACHINE_CONTROLLER_RUNS" });
  });
});

const lease = (renewTime: string, holderIdentity = "host_1"): string =>
  JSON.stringify({ spec: { holderIdentity, acquireTime: "2026-01-01T00:00:00.000000Z", renewTime } });

describe("machine-controller status", () => {
  it("says that there is none", async () => {
    const status = await controllerStatus(one.world, units);
    expect(status).toEqual({ cluster: "test", infraID: INFRA_ID, controllers: [] });
    expect(controllerStatusText(status)).toContain("no controller acts");
  });

  it("says what the unit does, who acts, and what went wrong last", async () => {
    vi.restoreAllMocks();
    await installController(one.world, units);
    cluster.texts[LEASE] = lease("2026-01-01T00:09:50.000000Z");
    const folder = await makeRuntimeFolder(INFRA_ID, {});
    one.world.redactor.add("planted-secret");
    const reporter = await RecordingReporter.open(one.world, folder);
    reporter.emit({ type: "log", level: "info", message: "created m" });
    reporter.emit({ type: "log", level: "warning", message: "create m: PoolFull with planted-secret" });
    await reporter.written();
    const text = controllerStatusText(await controllerStatus(one.world, units));
    expect(text).toContain(`unit        ${UNIT} (system): active (running) since Thu 2026-01-01 00:00:00 UTC, enabled, 2 restarts\n`);
    expect(text).toContain("lease       held by host_1 since 2026-01-01T00:00:00.000Z\n");
    expect(text).toContain(
      `controller  process ${process.pid}, version 0.0.1, since 2026-01-01T00:10:00.000Z: not ready: they have not started yet\n  2026-01-01T00:10:00.000Z  create m: PoolFull with [redacted]`,
    );
    expect(text).not.toContain("created m");
  });

  it("says of a killed one that it has ended, and that its Lease is over", async () => {
    vi.restoreAllMocks();
    const folder = await makeRuntimeFolder(INFRA_ID, {});
    await folder.write({ ...KILLED, pid: process.pid });
    cluster.texts[LEASE] = lease("2026-01-01T00:08:00.000000Z");
    const text = controllerStatusText(await controllerStatus(one.world, units));
    expect(text).toContain("was held by host_1 until about 2026-01-01T00:08:00.000Z");
    expect(text).toContain("not ready: it has ended");
  });

  it("says why something cannot be seen", async () => {
    await installController(one.world, units);
    answers[`systemctl show ${UNIT}`] = "EXEC_FAILED";
    cluster.texts[LEASE] = lease("nonsense");
    const { unit, lease: seen } = await controllerStatus(one.world, units);
    expect(unit?.state).toContain("not available: ");
    expect(seen).toContain("not available: ");
  });
});

describe("destroy", () => {
  const stop = () => stopMachineController({ infraID: INFRA_ID }, units).run({ ...one.world, options: {} } satisfies Context);

  it("asks nobody of a cluster that creates no machines", async () => {
    await rm(join(one.root, "auth/machine-controller.kubeconfig"));
    expect(await stop()).toEqual({ skipped: "the cluster creates no machines itself" });
    expect(calls).toEqual([]);
  });

  it("stops and removes the unit of this host first", async () => {
    await installController(one.world, units);
    expect(await stop()).toBe("done");
    expect(await readdir(units.system)).toEqual([]);
  });

  it("goes on without a systemd that could run the unit", async () => {
    await installController(one.world, units);
    answers = { systemctl: "EXEC_FAILED" };
    expect(await stop()).toBe("done");
    expect(one.events).toContainEqual(expect.objectContaining({ level: "warning" }));
  });

  it("refuses while a controller runs on this host", async () => {
    vi.restoreAllMocks();
    const folder = await makeRuntimeFolder(INFRA_ID, {});
    await RecordingReporter.open(one.world, folder);
    await expect(stop()).rejects.toMatchObject({ id: "MACHINE_CONTROLLER_RUNS", value: `process ${process.pid} on this host` });
  });

  it("refuses while a controller renews its Lease elsewhere", async () => {
    let second = 0;
    Object.defineProperty(cluster.texts, LEASE, { get: () => lease(`2026-01-01T00:09:${10 + Math.floor(second++ / 3)}.000000Z`) });
    await expect(stop()).rejects.toMatchObject({ id: "MACHINE_CONTROLLER_RUNS", value: "host_1" });
  });

  it.each([
    ["nobody renews", lease("2026-01-01T00:09:50.000000Z")],
    ["was given up", lease("2026-01-01T00:09:50.000000Z", "")],
    ["cannot be read", lease("nonsense")],
  ])("goes on with a Lease that %s", async (_, text) => {
    cluster.texts[LEASE] = text;
    expect(await stop()).toBe("done");
  });
});

describe("the folder of a controller that runs", () => {
  it("is nobody else's, and goes with it; what a killed one has left goes with the next", async () => {
    vi.restoreAllMocks();
    const killed = await makeRuntimeFolder(INFRA_ID, {});
    await killed.write(KILLED);
    const folder = await makeRuntimeFolder(INFRA_ID, {});
    expect((await stat(folder.path)).mode & 0o777).toBe(0o700);
    await expect(stat(killed.path)).rejects.toThrow("ENOENT");
    await folder.remove();
    await expect(stat(runtimeFolderOf(INFRA_ID, {}))).rejects.toThrow("ENOENT");
  });
});

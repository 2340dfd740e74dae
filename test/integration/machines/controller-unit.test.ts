import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run } from "../../../src/exec/index.ts";
import { controllerUnit, unitNameOf, type UnitInput, type UnitScope } from "../../../src/installer/controller/unit.ts";

/** The unit of a machine controller, read by systemd itself. */
const INFRA_ID = "demo-abcde";
const input: UnitInput = {
  cluster: "demo",
  infraID: INFRA_ID,
  folder: "/srv/clusters/demo",
  program: [process.execPath, "--disable-warning=ExperimentalWarning", "/opt/virt-ipi/src/cli/main.ts"],
  environment: { PATH: "/usr/bin:/bin", HOME: "/root" },
  scope: "system",
  runsMachines: false,
};
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "virt-ipi-unit-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** What systemd-analyze has to say. */
async function analyze(unit: UnitInput, ...args: readonly string[]): Promise<{ readonly exitCode: number; readonly said: string }> {
  const path = join(folder, unitNameOf(INFRA_ID));
  await writeFile(path, controllerUnit(unit));
  const { exitCode, stdout, stderr } = await run("systemd-analyze", [...args, path], { accept: [1], env: { XDG_RUNTIME_DIR: folder } });
  return { exitCode, said: `${stdout}${stderr}` };
}

describe("the unit", () => {
  const odd = `/srv/with blank, "quotes", 'more', 100%s, $HOME, \\ and ünicode`;
  it.each<readonly [string, Partial<UnitInput>]>([
    ["of the host", {}],
    ["of a user", { scope: "user" }],
    ["of the host whose machines are its own processes", { runsMachines: true }],
    ["of a user whose machines are its own processes", { scope: "user", runsMachines: true }],
    ["with a path of all characters", { folder: odd, environment: { HOME: odd } }],
    ["of a folder that others can see", { folder: "/tmp/demo" }],
  ])("%s says nothing that systemd does not know", async (_, change) => {
    const unit = { ...input, ...change };
    const verified = await analyze(unit, ...(unit.scope === "user" ? ["--user"] : []), "verify", "--man=no");
    expect(verified).toEqual({ exitCode: 0, said: "" });
  });

  it("would be told apart from one that does", async () => {
    const path = join(folder, "broken.service");
    await writeFile(path, controllerUnit(input).replace("ProtectClock", "ProtectTime"));
    expect((await run("systemd-analyze", ["verify", "--man=no", path], { accept: [1] })).stderr).toContain("ProtectTime");
  });

  it("exposes little of the host, where it has no machines below it", async () => {
    const exposureOf = async (change: Partial<UnitInput>): Promise<number> => {
      const { said } = await analyze({ ...input, ...change }, "security", "--offline=true", "--no-pager");
      return Number(/Overall exposure level for .*: (\d+\.\d)/.exec(said)?.[1]);
    };
    expect(await exposureOf({})).toBeLessThan(5);
    expect(await exposureOf({ runsMachines: true })).toBeGreaterThan(8);
  });

  it.each<UnitScope>(["system", "user"])("lets machines that are below it live on when it stops (%s)", (scope) => {
    const unit = controllerUnit({ ...input, scope, runsMachines: true });
    expect(unit).toContain("\nKillMode=process\n");
    expect(unit).not.toMatch(/NoNewPrivileges|Private|Protect|Restrict(?!art)/);
    expect(controllerUnit({ ...input, scope })).toContain("\nKillMode=mixed\nTimeoutStopSec=90\n");
  });

  it("keeps the folder in sight where it lies among temporary files", () => {
    // Node of the tests may itself be there.
    const elsewhere = { ...input, program: ["/usr/bin/node", "/opt/virt-ipi/src/cli/main.ts"] };
    expect(controllerUnit(elsewhere)).toContain("\nPrivateTmp=yes\n");
    for (const path of ["/tmp/demo", "/var/tmp/a/b"]) {
      const unit = controllerUnit({ ...elsewhere, folder: path });
      expect(unit).not.toContain("PrivateTmp");
      expect(unit).toContain(`\nReadWritePaths="${path}" /tmp /var/tmp\n`);
    }
    expect(controllerUnit({ ...input, program: [process.execPath, "/tmp/checkout/main.ts"] })).not.toContain("PrivateTmp");
  });
});

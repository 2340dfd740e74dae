import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { run } from "../../../src/exec/index.ts";
import { cli } from "../../helpers/cli.ts";
import { pulumiOfSetup } from "../../helpers/stack-bench.ts";

const ROOT = resolve(import.meta.dirname, "../../..");
const STACK = "plain-test";
let folder: string;
let env: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "virt-ipi-plain-"));
  await cli([
    "create",
    "install-config",
    "--dir",
    folder,
    "--name",
    STACK,
    "--base-domain",
    "example.test",
    "--control-plane",
    "1",
    "--compute",
    "1",
  ]);
  const [result] = (await cli(["env", "--dir", folder, "--output", "json"])).json();
  const { time: _time, type: _type, ...variables } = result as Record<string, string>;
  env = { ...variables, PATH: `${dirname(pulumiOfSetup())}:${variables["PATH"] ?? ""}` };
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await rm(join(ROOT, `Pulumi.${STACK}.yaml`), { force: true });
});

const pulumi = async (...args: readonly string[]): Promise<string> =>
  (await run(pulumiOfSetup(), [...args, "--non-interactive"], { cwd: ROOT, env, accept: [1] })).stdout;

it("plain pulumi and the CLI work on one state, with one program", async () => {
  expect((await cli(["preview", "--dir", folder])).stdout).toContain("virt-ipi:kvm:Machine");
  // The stack is the one that the CLI made; its Pulumi.<stack>.yaml is in the CLI's own workspace.
  expect(await pulumi("stack", "ls")).toContain(STACK);
  const shown = await pulumi("preview", "--stack", STACK);
  for (const type of ["kvm:Network", "kvm:Machine", "cluster:BootstrapComplete", "cluster:InstallComplete"])
    expect(shown).toContain(`virt-ipi:${type}`);
  expect(shown).toContain(`https://api.${STACK}.example.test:6443`);
  expect(shown).not.toContain("The cluster is up");
});

it("plain pulumi tells an error of the user without a stack", async () => {
  const { rename } = await import("node:fs/promises");
  await rename(join(folder, "install-config.yaml"), join(folder, "away.yaml"));
  const shown = await pulumi("preview", "--stack", STACK);
  await rename(join(folder, "away.yaml"), join(folder, "install-config.yaml"));
  expect(shown).toContain("CONFIG_MISSING: ");
  expect(shown).not.toContain("    at ");
});

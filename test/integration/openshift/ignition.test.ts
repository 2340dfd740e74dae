import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { KeyStore } from "../../../src/assets/index.ts";
import { run } from "../../../src/exec/index.ts";
import { VALID, validateIgnition } from "../../helpers/ignition-validate.ts";
import { shareOf } from "../../helpers/share.ts";
import { fixtureKeys, inputOf, renderScenario, scenarios } from "../../golden/openshift/scenarios.ts";

/** Every Ignition config of every kept scenario, judged by Ignition itself. */
const CASES = (await scenarios()).flatMap(({ name, versions }) => versions.map((version) => ({ name, version })));

let keys: KeyStore;
let folder: string;
beforeAll(async () => {
  keys = await fixtureKeys(await inputOf("none", "4.21"), false);
  folder = await mkdtemp(join(tmpdir(), "virt-ipi-ignition-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

it.each(shareOf(CASES))("takes all configs of $name on $version", async ({ name, version }) => {
  const assets = await renderScenario(await inputOf(name, version), keys);
  const configs = [...assets].filter(([path]) => path.endsWith(".ign"));
  expect(configs.length).toBeGreaterThan(1);
  for (const [path, { content }] of configs) expect(await validateIgnition(content), path).toEqual(VALID);
});

it("starts the bootstrap machine with a key that ssh reads as RSA", async () => {
  const assets = await renderScenario(await inputOf("none", "4.21"), keys);
  const { passwd } = JSON.parse(assets.get("bootstrap.ign")?.content ?? "") as { passwd: { users: { sshAuthorizedKeys: string[] }[] } };
  const [, line = ""] = passwd.users[0]?.sshAuthorizedKeys ?? [];
  await writeFile(join(folder, "bootstrap.pub"), `${line}\n`);
  expect((await run("ssh-keygen", ["-l", "-f", join(folder, "bootstrap.pub")])).stdout).toMatch(/^2048 SHA256:\S+ .*\(RSA\)/);
  await writeFile(join(folder, "bootstrap"), keys.keys["bootstrap-ssh"]?.privateKey ?? "", { mode: 0o600 });
  const derived = (await run("ssh-keygen", ["-y", "-f", join(folder, "bootstrap")])).stdout.split(" ").slice(0, 2);
  expect(derived.map((part) => part.trim())).toEqual(line.split(" ").slice(0, 2));
});

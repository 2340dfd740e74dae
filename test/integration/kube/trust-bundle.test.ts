import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { run } from "../../../src/exec/index.ts";
import { machineFolder, type MachineFolder } from "../../helpers/machine-script.ts";
import { TestAuthority } from "../../helpers/pki.ts";

/** The script of every machine with a trust bundle, on a store of its own. */
let machine: MachineFolder;
let old: TestAuthority;
let added: readonly TestAuthority[];
const at = (name: string): string => join(machine.path, name);

beforeAll(async () => {
  machine = await machineFolder();
  old = await TestAuthority.make("old");
  added = [await TestAuthority.make("first"), await TestAuthority.make("second")];
  await mkdir(at("store"));
  await mkdir(at("own"));
  await writeFile(at("store/ca-certificates.crt"), `${old.cert}\n`);
  await writeFile(at("store/old.pem"), `${old.cert}\n`);
  for (const [index, { cert }] of added.entries()) await writeFile(at(`own/virt-ipi-${index}.crt`), `${cert}\n`);
  await machine.script("trust-bundle", "kubernetes/scripts/trust-bundle", {
    "/etc/ssl/certs": at("store"),
    "/usr/local/share/ca-certificates": at("own"),
    "/var/lib/virt-ipi": at("state"),
  });
  await machine.run("trust-bundle");
});
afterAll(async () => {
  await machine.dispose();
});

async function verified(authority: TestAuthority, store: readonly string[]): Promise<boolean> {
  const { cert } = await authority.issue({ subject: { commonName: "registry" }, usage: "server", names: [{ type: "dns", value: "registry" }] });
  await writeFile(at("leaf.pem"), cert);
  return await run("openssl", ["verify", ...store, at("leaf.pem")]).then(
    () => true,
    () => false,
  );
}

it.each([
  ["the folder, which OpenSSL reads", () => ["-no-CAfile", "-no-CAstore", "-CApath", at("store")]],
  ["the one file, which Go reads", () => ["-no-CApath", "-no-CAstore", "-CAfile", at("store/ca-certificates.crt")]],
])("a machine trusts the bundle, and what it trusted before, by %s", async (_, store) => {
  for (const authority of [old, ...added]) expect(await verified(authority, store())).toBe(true);
  expect(await verified(await TestAuthority.make("stranger"), store())).toBe(false);
});

it("a run that was cut off is done again", async () => {
  expect(await readdir(at("state"))).toEqual(["trust-bundle.done"]);
  await cp(at("store/ca-certificates.crt"), at("before"));
  await machine.run("trust-bundle");
  expect(await readFile(at("store/ca-certificates.crt"), "utf8")).toContain(await readFile(at("before"), "utf8"));
  for (const authority of [old, ...added]) expect(await verified(authority, ["-no-CAfile", "-no-CAstore", "-CApath", at("store")])).toBe(true);
});

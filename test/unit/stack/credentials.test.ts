import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadClusterSpec, type ClusterSpec } from "../../../src/config/index.ts";
import { credentialSource, withoutCredentials } from "../../../src/stack/credentials.ts";
import { secretsOf } from "../../../src/stack/secrets.ts";
import { vsphere, yamlOf } from "../config/verdicts/support.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "virt-ipi-credentials-"));
  await writeFile(join(folder, "password"), "p$\"\\'% &w rd\n", { mode: 0o600 });
  await writeFile(join(folder, "large"), "x".repeat(70_000));
  await mkdir(join(folder, "directory"));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

const PASSWORD = "platform.vsphere.vcenters[0].password";
const USER = "platform.vsphere.vcenters[0].user";

const load = (change: Readonly<Record<string, unknown>>, env: Readonly<Record<string, string>> = {}): ClusterSpec =>
  loadClusterSpec(yamlOf(vsphere, change), "install-config.yaml", credentialSource(folder, env));

const account = ({ platform }: ClusterSpec): unknown =>
  platform.name === "vsphere" && platform.vcenters.map(({ user, password }) => [user, password])[0];

describe("credentials by reference", () => {
  it("come from the environment and from files, character by character", () => {
    expect(account(load({ [USER]: "env:VC_USER", [PASSWORD]: "file:password" }, { VC_USER: "corp\\admin" }))).toEqual([
      "corp\\admin",
      "p$\"\\'% &w rd",
    ]);
    expect(account(load({ [PASSWORD]: `file:${folder}/password` }))).toEqual(["admin", "p$\"\\'% &w rd"]);
  });

  it.each([
    ["a variable that is not set", "env:VC_PASSWORD", "environment variable that it refers to is not set"],
    ["a file that is not there", "file:nowhere", "cannot be read (ENOENT)"],
    ["a folder", "file:directory", "is not a file"],
    ["a file that is no credential", "file:large", "has 70000 bytes"],
  ])("tell the path and what is wrong with %s, but not what they refer to", (_, reference, message) => {
    expect(() => load({ [PASSWORD]: reference })).toThrow(
      expect.objectContaining({
        id: "CONFIG_INVALID",
        details: [expect.stringMatching(/^platform\.vsphere\.vcenters\[0\]\.password: Invalid value: <redacted>: /)],
      }),
    );
    expect(() => load({ [PASSWORD]: reference })).toThrow(expect.objectContaining({ details: [expect.stringContaining(message)] }));
    expect(() => load({ [PASSWORD]: reference })).not.toThrow(
      expect.objectContaining({ details: [expect.stringContaining(reference.split(":")[1] ?? "")] }),
    );
  });

  it("are secrets of the run", () => {
    expect(secretsOf(load({ [PASSWORD]: "env:P" }, { P: "hunter2hunter2" }), undefined)).toContain("hunter2hunter2");
  });
});

it("a spec without credentials is the same whatever the password", () => {
  const [one, other] = [load({ [PASSWORD]: "one", [USER]: "a" }), load({ [PASSWORD]: "env:P" }, { P: "other" })].map(withoutCredentials);
  expect(one).toEqual(other);
  expect(JSON.stringify(one)).not.toMatch(/"one"|other/);
  expect(withoutCredentials(load({ [PASSWORD]: "one", "platform.vsphere.vcenters[0].server": "vc.example.com", baseDomain: "b.org" }))).not.toEqual(
    one,
  );
});

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadClusterSpec, type ClusterSpec, withoutCredentials } from "../../../src/config/index.ts";
import { credentialSource } from "../../../src/stack/credentials.ts";
import { secretsOf } from "../../../src/stack/secrets.ts";
import { vsphere, yamlOf } from "../config/verdicts/support.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "virt-ipi-credentials-"));
  await writeFile(join(folder, "password"), "p$\"\\'% &w rd\n", { mode: 0o600 });
  await writeFile(join(folder, "large"), "x".repeat(70_000));
  await mkdir(join(folder, "directory"));
  await writeFile(join(folder, "utf16"), Buffer.from("\ufeffS3cret\n", "utf16le"));
  await writeFile(join(folder, "latin1"), Buffer.from("S3cr\u00e9t", "latin1"));
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
    ["a file in UTF-16", "file:utf16", "is not UTF-8 text"],
    ["a file in Latin-1", "file:latin1", "is not UTF-8 text"],
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

  // What an editor or a shell leaves around a credential, wherever it is kept.
  const FOUND: readonly (readonly [title: string, content: string, read: string | undefined, problem: string])[] = [
    ["a line end", "S3cret\n", "S3cret", ""],
    ["a line end of Windows", "S3cret\r\n", "S3cret", ""],
    ["no line end", "S3cret", "S3cret", ""],
    ["a byte order mark", "\ufeffS3cret\n", "S3cret", ""],
    ["a byte order mark and a line end of Windows", "\ufeffS3cret\r\n", "S3cret", ""],
    ["a blank at the end", "S3cret \n", "S3cret ", ""],
    ["nothing but a line end", "\r\n", undefined, "is empty"],
    ["two lines", "S3cret\nS3cret\n", undefined, "has more than one line"],
    ["two line ends", "S3cret\n\n", undefined, "has more than one line"],
    ["a carriage return inside", "S3\rcret", undefined, "has more than one line"],
    ["a no-break space", "S3cret\u00a0", undefined, "holds a no-break space, U+00A0"],
    ["a zero-width space", "\u200bS3cret", undefined, "holds the character U+200B"],
    ["a tab", "S3cret\t", undefined, "holds a tab, U+0009"],
    ["an escape", "S3\u001bcret", undefined, "holds the character U+001B"],
  ];

  it.each(FOUND)("are read from file and environment alike: %s", async (_, content, read, problem) => {
    await writeFile(join(folder, "found"), content);
    for (const reference of ["file:found", "env:FOUND"]) {
      const spec = (): ClusterSpec => load({ [PASSWORD]: reference }, { FOUND: content });
      if (read !== undefined) expect(account(spec())).toEqual(["admin", read]);
      else expect(spec).toThrow(expect.objectContaining({ details: [expect.stringContaining(problem)] }));
    }
  });

  it("are secrets of the run", () => {
    expect(secretsOf(load({ [PASSWORD]: "env:P" }, { P: "hunter2hunter2" }), undefined)).toContain("hunter2hunter2");
    const pullSecret = '{"Auths":{"quay.io":{"auth":"bWU6aHVudGVyMmh1bnRlcjI="}}}';
    expect(secretsOf(load({ pullSecret, [PASSWORD]: "one" }), undefined)).toEqual(
      expect.arrayContaining(["hunter2hunter2", "bWU6aHVudGVyMmh1bnRlcjI="]),
    );
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

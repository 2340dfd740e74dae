import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { opensshKeyPair } from "../../../src/assets/tls/openssh.ts";
import { run } from "../../../src/exec/index.ts";

it("ssh-keygen reads the private key and finds the public one in it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "openssh-"));
  try {
    for (const comment of ["bootstrap-ssh", "", "1234567"]) {
      const pair = opensshKeyPair(generateKeyPairSync("ed25519").privateKey, comment, Uint8Array.of(1, 2, 3, 4));
      const path = join(folder, "key");
      await writeFile(path, pair.privateKey, { mode: 0o600 });
      const { stdout } = await run("ssh-keygen", ["-y", "-P", "", "-f", path]);
      expect(stdout.trim()).toBe(pair.publicKey.trim());
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});

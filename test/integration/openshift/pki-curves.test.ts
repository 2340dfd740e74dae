import { X509Certificate } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rendererOf } from "../../../src/assets/index.ts";
import { rowsOf } from "../../../src/assets/tls/table.ts";
import { loadClusterSpec } from "../../../src/config/index.ts";
import { run } from "../../../src/exec/index.ts";
import { inputOf, keysOfSigners, renderScenario } from "../../golden/openshift/scenarios.ts";
import { IDENTITY } from "../../unit/assets/spec.ts";
import { ignitionTexts } from "../../helpers/ignition-files.ts";

/** Signers with ECDSA keys, judged by openssl. Everything else about certificates is in `pki.test.ts`, and the same for all keys. */
const CURVES = { P256: "ecdsa-with-SHA256", P384: "ecdsa-with-SHA384", P521: "ecdsa-with-SHA512" } as const;
const TLS = "/opt/openshift/tls/";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "virt-ipi-curves-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function openssl(...args: readonly string[]): Promise<{ readonly exitCode: number; readonly stdout: string }> {
  return await run("openssl", args, { cwd: folder, accept: [2] });
}

describe.each(Object.entries(CURVES))("%s", (curve, algorithm) => {
  it("signs everything with such keys, the same each time, and openssl believes it", async () => {
    const input = (await inputOf("curves", "5.0")).replace("P384", curve);
    const renderer = rendererOf(loadClusterSpec(input));
    const signers = rowsOf(renderer.tlsTable, "signer");
    expect(signers.map((row) => row.curve)).toEqual(signers.map(() => curve));
    const keys = await keysOfSigners(input);
    const assets = await renderScenario(input, keys);
    expect([...(await renderScenario(input, keys))]).toEqual([...assets]);

    const files = ignitionTexts(assets.get("bootstrap.ign")?.content ?? "");
    const seen: string[] = [];
    const time = String(Math.floor(Date.parse(IDENTITY.createdAt) / 1000) + 60);
    for (const row of rowsOf(renderer.tlsTable, "leaf")) {
      const chain = files.get(`${TLS}${row.name}.crt`);
      const ca = files.get(`${TLS}${row.signer ?? ""}.crt`);
      // The root's key and those of kubeconfigs are in other files.
      if (chain === undefined || ca === undefined) continue;
      seen.push(row.name);
      await writeFile(join(folder, "chain.pem"), chain);
      await writeFile(join(folder, "ca.pem"), ca);
      const { exitCode } = await openssl("verify", "-x509_strict", "-attime", time, "-CAfile", "ca.pem", "chain.pem");
      expect(exitCode, row.name).toBe(0);
      expect(new X509Certificate(chain).publicKey.asymmetricKeyType, row.name).toBe("rsa");
      expect((await openssl("x509", "-in", "chain.pem", "-noout", "-text")).stdout, row.name).toContain(`Signature Algorithm: ${algorithm}`);
      const { stdout } = await openssl("x509", "-in", "ca.pem", "-noout", "-ext", "keyUsage");
      expect(stdout).toContain("Digital Signature, Certificate Sign");
      expect(stdout).not.toContain("Encipherment");
    }
    expect(seen.length).toBeGreaterThan(8);
    expect(files.get(`${TLS}kubelet-signer.key`)).toContain("BEGIN EC PRIVATE KEY");
  });
});

import { createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import {
  KUBERNETES_TLS,
  makeKeys,
  parseKeyStore,
  renderTls,
  serializeKeyStore,
  tlsPart,
  type KeyStore,
  type Tls,
} from "../../../../src/assets/tls/index.ts";
import { countingEntropy, IDENTITY, makeSpec } from "../spec.ts";

const spec = makeSpec(1, 1);
let keys: KeyStore;
let tls: Tls;

beforeAll(async () => {
  keys = await makeKeys(KUBERNETES_TLS, countingEntropy());
  tls = await renderTls(KUBERNETES_TLS, keys, { identity: IDENTITY, spec });
});

const certificate = (name: string): X509Certificate => new X509Certificate(tlsPart(tls, name, "cert"));

describe("the TLS of kubernetes", () => {
  it("has material for every row, in the order of the table", () => {
    expect([...tls.keys()]).toEqual(KUBERNETES_TLS.map((row) => row.name));
  });

  it("signs each leaf by its signer and with its own key", () => {
    for (const row of KUBERNETES_TLS) {
      if (row.kind !== "leaf") continue;
      const leaf = certificate(row.name);
      const signer = certificate(row.signer ?? row.name);
      expect(leaf.checkIssued(signer), row.name).toBe(true);
      expect(leaf.verify(signer.publicKey), row.name).toBe(true);
      expect(leaf.checkPrivateKey(createPrivateKey(tlsPart(tls, row.name, "key"))), row.name).toBe(true);
      expect(leaf.ca).toBe(false);
      expect(signer.ca).toBe(true);
    }
  });

  it("lives ten years of 365 days from the identity's creation", () => {
    for (const row of KUBERNETES_TLS) {
      if (row.kind === "key-pair" || row.kind === "bundle") continue;
      // An hour early, for machines whose clock is behind.
      expect(certificate(row.name).validFromDate.toISOString()).toBe("2026-03-01T11:00:00.000Z");
      expect(certificate(row.name).validToDate.toISOString()).toBe("2036-02-27T12:00:00.000Z");
    }
  });

  it("names the API for the machine-config server, and lets it serve only", () => {
    const server = certificate("machine-config-server");
    expect(server.subjectAltName).toBe("DNS:api-int.demo.example.com, IP Address:192.168.126.5");
    expect(server.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1"]);
    expect(server.checkHost("api-int.demo.example.com")).toBe("api-int.demo.example.com");
  });

  it("gives clients the users and groups that Kubernetes knows", () => {
    expect(certificate("admin-kubeconfig-client").subject).toBe("O=system:masters\nCN=system:admin");
    expect(certificate("kubelet-bootstrap-client").subject).toBe("O=system:bootstrappers\nCN=system:bootstrap:virt-ipi");
    expect(certificate("kube-scheduler-client").subject).toBe("CN=system:kube-scheduler");
    expect(certificate("admin-kubeconfig-client").keyUsage).toEqual(["1.3.6.1.5.5.7.3.2"]);
  });

  it("writes keys as PKCS#1 of 2048 bits", () => {
    const key = tlsPart(tls, "kube-ca", "key");
    expect(key).toMatch(/^-----BEGIN RSA PRIVATE KEY-----\n/);
    expect(createPrivateKey(key).asymmetricKeyDetails?.modulusLength).toBe(2048);
  });

  it("gives the service-account key a public half", () => {
    const publicKey = createPublicKey(tlsPart(tls, "service-account", "publicKey"));
    expect(publicKey.equals(createPublicKey(tlsPart(tls, "service-account", "key")))).toBe(true);
  });

  it("renders the same bytes again, also from the saved key store", async () => {
    const again = await renderTls(KUBERNETES_TLS, parseKeyStore(serializeKeyStore(keys)), { identity: IDENTITY, spec });
    expect([...again]).toEqual([...tls]);
  });

  it("takes serial numbers from the entropy, no two alike", () => {
    expect(certificate("root-ca").serialNumber).toBe("400102030405060708090A0B0C0D0E0F");
    const serials = Object.values(keys.keys).flatMap((key) => key.serial ?? []);
    expect(new Set(serials).size).toBe(15);
  });

  it("keeps the keys there are when a table grows", async () => {
    const grown = await makeKeys([...KUBERNETES_TLS, { kind: "key-pair", name: "new", format: "rsa" }], countingEntropy(), keys);
    expect(grown.keys["kube-ca"]).toEqual(keys.keys["kube-ca"]);
    expect(grown.keys["new"]?.privateKey).toContain("RSA PRIVATE KEY");
  });
});

describe("broken input", () => {
  it("names a missing key", async () => {
    const { "etcd-ca": _, ...rest } = keys.keys;
    await expect(renderTls(KUBERNETES_TLS, { version: 1, keys: rest }, { identity: IDENTITY, spec })).rejects.toMatchObject({
      id: "KEYS_INVALID",
      value: "etcd-ca",
    });
  });

  it("does not quote the store when it is not JSON", () => {
    const parse = (): KeyStore => parseKeyStore(serializeKeyStore(keys).slice(0, 400));
    expect(parse).toThrow("the key store is not JSON");
    expect(parse).not.toThrow(expect.objectContaining({ cause: expect.anything() as unknown }) as Error);
  });

  it.each(["null", "{}", '{"version":2,"keys":{}}', '{"version":1,"keys":{"a":{}}}', '{"version":1,"keys":{},"kubeadmin":{}}'])(
    "refuses %s",
    (text) => {
      expect(() => parseKeyStore(text)).toThrow(expect.objectContaining({ id: "KEYS_INVALID" }) as Error);
    },
  );

  it("does not quote a broken key", async () => {
    const broken = {
      version: 1 as const,
      keys: { ...keys.keys, "kube-ca": { privateKey: "-----BEGIN RSA PRIVATE KEY-----\nsecret\n", serial: "41" } },
    };
    const error: unknown = await renderTls(KUBERNETES_TLS, broken, { identity: IDENTITY, spec }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ id: "KEYS_INVALID", value: "kube-ca" });
    expect(JSON.stringify(error)).not.toContain("secret");
  });
});

import { describe, expect, it } from "vitest";
import { parseInstallConfig } from "../../../../src/config/index.ts";
import { kvm, yamlOf } from "../../config/verdicts/support.ts";
import { fileOf, machinesWith, unitOf } from "./machines.ts";

const pem = (body: string): string => `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`;

describe("the trust bundle on a machine", () => {
  it("is a file a certificate on every machine, taken in before the first image is pulled", async () => {
    for (const [, config] of await machinesWith({ machineTrustBundle: `${pem("AAAA")}\n${pem("BBBB")}` })) {
      expect([0, 1, 2].map((index) => fileOf(config, `/usr/local/share/ca-certificates/virt-ipi-${index}.crt`)?.text)).toEqual([
        pem("AAAA"),
        pem("BBBB"),
        undefined,
      ]);
      const unit = unitOf(config, "trust-bundle.service");
      expect(unit).toMatchObject({ enabled: true });
      expect(unit?.contents).toContain("Before=containerd.service");
    }
  });

  it("is nothing where the machines are not to trust it", async () => {
    for (const [, config] of await machinesWith({ additionalTrustBundle: pem("AAAA") })) {
      expect(unitOf(config, "trust-bundle.service")).toBeUndefined();
      expect(fileOf(config, "/usr/local/share/ca-certificates/virt-ipi-0.crt")).toBeUndefined();
    }
  });
});

describe("the trust bundle of the machines", () => {
  // A certificate that anybody may have: of the documentation's domain.
  const bundle = (change: object): string | undefined =>
    parseInstallConfig(yamlOf(kvm, { additionalTrustBundle: CERTIFICATE, ...change })).spec?.machineTrustBundle;

  it("is there with a proxy, or always, as the policy says", () => {
    expect(bundle({})).toBeUndefined();
    expect(bundle({ additionalTrustBundlePolicy: "Always" })).toBe(CERTIFICATE);
    expect(bundle({ proxy: { httpProxy: "http://proxy.example.com:3128" } })).toBe(CERTIFICATE);
  });
});

const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBfzCCASWgAwIBAgIUSQ/LdbSPVHw2C7fx5E6kTudQE7owCgYIKoZIzj0EAwIw
FTETMBEGA1UEAwwKRXhhbXBsZSBDQTAeFw0yNjExMjgyMjE5MDdaFw0zNjExMjUy
MjE5MDdaMBUxEzARBgNVBAMMCkV4YW1wbGUgQ0EwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAT3Mr9Kh6RNKnXgnX/QuiRQ1FOrt8ueTGneOtMMWY4Edt09KFjIcfRB
nb19y72JKxNENfqfShNwtWbO4FGntBQwo1MwUTAdBgNVHQ4EFgQUlIo6p+TOZJlP
QGuLh/rGDwZ3/uowHwYDVR0jBBgwFoAUlIo6p+TOZJlPQGuLh/rGDwZ3/uowDwYD
VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiEAgf0UMFUXqS3XRLDks3aw
3JGCEgpRXz7ZycAXs15jZNcCIEmF7k2yBT3BuMqzei0EtEoYJXXdCAZkNeAnRZ1e
iaai
-----END CERTIFICATE-----
`;

import { resolve } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { imageAccess } from "../../../../src/assets/kubernetes/image-access.ts";
import type { AssetContext } from "../../../../src/assets/distribution-renderer.ts";
import { fromResource, IgnitionBuilder, type IgnitionConfig } from "../../../../src/assets/ignition/index.ts";
import { readTemplates, type TemplateSource } from "../../../../src/assets/templates.ts";
import { parseInstallConfig, type ClusterSpec } from "../../../../src/config/index.ts";
import { kvm, yamlOf } from "../../config/verdicts/support.ts";
import { makeSpec } from "../spec.ts";

let templates: TemplateSource;
beforeAll(async () => {
  templates = await readTemplates(resolve(import.meta.dirname, "../../../../templates"));
});

const render = (change: Partial<ClusterSpec>): IgnitionConfig =>
  imageAccess({ spec: makeSpec(1, 1, change), templates } as AssetContext, new IgnitionBuilder()).build();
const fileOf = (config: IgnitionConfig, path: string): { readonly mode: number | undefined; readonly text: string } | undefined => {
  const file = config.storage?.files?.find((one) => one.path === path);
  return file?.contents === undefined ? undefined : { mode: file.mode, text: fromResource(file.contents).toString() };
};
const pem = (body: string): string => `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`;

describe("access to images", () => {
  it("needs nothing where nothing is given", () => {
    expect(render({})).toEqual({ ignition: { version: "3.2.0" } });
  });

  it("gives the pull secret to the kubelet, for root alone", () => {
    expect(fileOf(render({ pullSecret: '{"auths":{}}' }), "/var/lib/kubelet/config.json")).toEqual({ mode: 0o600, text: '{"auths":{}}' });
  });

  it("sends the container runtime through the proxy, except to what is inside", () => {
    const config = render({ proxy: { httpProxy: "http://u:p%24s@proxy.example.com:3128", noProxy: "example.org,10.0.0.1" } });
    expect(config.systemd?.units).toEqual([
      { name: "containerd.service", dropins: [{ name: "10-proxy.conf", contents: "[Service]\nEnvironmentFile=/etc/virt-ipi/proxy.env\n" }] },
    ]);
    expect(fileOf(config, "/etc/virt-ipi/proxy.env")).toEqual({
      mode: 0o600,
      text: [
        'HTTP_PROXY="http://u:p%24s@proxy.example.com:3128"',
        'NO_PROXY="localhost,127.0.0.1,.svc,.cluster.local,.demo.example.com,192.168.126.0/24,10.128.0.0/14,172.30.0.0/16,example.org,10.0.0.1"',
        "",
      ].join("\n"),
    });
  });

  it("asks for everything directly where noProxy says so", () => {
    expect(fileOf(render({ proxy: { httpsProxy: "https://proxy.example.com", noProxy: "*" } }), "/etc/virt-ipi/proxy.env")?.text).toBe(
      'HTTPS_PROXY="https://proxy.example.com"\nNO_PROXY="*"\n',
    );
  });

  it("keeps what systemd would read otherwise", () => {
    expect(fileOf(render({ proxy: { httpProxy: 'http://a"$`\\' } }), "/etc/virt-ipi/proxy.env")?.text).toContain(
      'HTTP_PROXY="http://a\\"\\$\\`\\\\"\n',
    );
  });

  it("brings each certificate of the bundle, and has them taken in before the first image is pulled", () => {
    const config = render({ machineTrustBundle: `${pem("AAAA")}\n${pem("BBBB")}` });
    expect([0, 1, 2].map((index) => fileOf(config, `/usr/local/share/ca-certificates/virt-ipi-${index}.crt`)?.text)).toEqual([
      pem("AAAA"),
      pem("BBBB"),
      undefined,
    ]);
    const [unit] = config.systemd?.units ?? [];
    expect(unit).toMatchObject({ name: "trust-bundle.service", enabled: true });
    expect(unit?.contents).toContain("Before=containerd.service");
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

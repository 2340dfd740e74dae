import { describe, expect, it } from "vitest";
import { formatIssue, loadClusterSpec, parseInstallConfig } from "../../../src/config/index.ts";
import { InstallerError } from "../../../src/errors/index.ts";
import { ED25519, kvm, none, PULL_SECRET, vsphere, vsphereFlat, vsphereZones, yamlOf, warningsOf } from "./verdicts/support.ts";

const BROKEN = `apiVersion: v1
baseDomain: example.com
metadata:
  name: Test
platform:
  kvm:
    hosts:
      - role: master
        networkDevice: {ipAddrs: [1.2.3.4]}
networking:
  serviceNetwork:
    - 172.30.0.0/16
    - 172.30.0.0/16
`;

describe("where an issue is said to be", () => {
  it("is the key, the item or the next key above, in the order of the file", () => {
    const { errors } = parseInstallConfig(BROKEN);
    expect(errors.map(({ path, line, column }) => `${path} ${line}:${column}`)).toEqual([
      "metadata.name 4:3",
      "platform.kvm.hosts[0].role 8:9",
      "platform.kvm.hosts[0].networkDevice.ipAddrs[0] 9:35",
      "networking.serviceNetwork 11:3",
      "networking.serviceNetwork[1] 13:7",
    ]);
  });

  it("is the deprecated key that the value was taken from", () => {
    const source = `${yamlOf(none, {})}networking:\n  machineCIDR: 10.0.0.1/16\n`;
    const { errors } = parseInstallConfig(source);
    const warnings = warningsOf(source);
    const line = yamlOf(none, {}).split("\n").length + 1;
    expect(errors).toMatchObject([{ path: "networking.machineNetwork[0]", line, column: 3 }]);
    expect(warnings).toMatchObject([{ path: "networking.machineCIDR", line, message: "is deprecated; use machineNetwork" }]);
  });

  it("is the entry of the list, though the path that OpenShift prints has no number", () => {
    const text = yamlOf(vsphereZones, { "platform.vsphere.failureDomains[1].zone": "" });
    const line = text.split("\n").findIndex((one) => /zone: ""/.test(one)) + 1;
    expect(line).toBeGreaterThan(1);
    expect(parseInstallConfig(text).errors).toMatchObject([{ path: "platform.vsphere.failureDomains.zone", line }]);
  });

  it("is the flat key of vsphere that a failure domain was made from", () => {
    const text = yamlOf(vsphereFlat, { "platform.vsphere.defaultDatastore": "/other/datastore/d" });
    const line = text.split("\n").findIndex((one) => one.includes("defaultDatastore")) + 1;
    expect(parseInstallConfig(text).errors).toMatchObject([{ path: "platform.vsphere.failureDomains.topology.datastore", line }]);
  });

  it("is the mapping for a key that is missing in it", () => {
    const { errors } = parseInstallConfig(yamlOf(none, { "metadata.name": undefined, "metadata.labels": { a: "b" } }));
    expect(errors).toMatchObject([{ path: "metadata.name", line: 3, column: 1 }]);
  });
});

describe("what an issue quotes", () => {
  const printed = (text: string): string => {
    const { errors, warnings } = parseInstallConfig(text);
    expect(errors.length).toBeGreaterThan(0);
    return [...errors, ...warnings].map(formatIssue).join("\n");
  };

  it("is the value, in one line", () => {
    expect(printed(BROKEN)).toContain('metadata.name: Invalid value: "Test": must be a DNS-1123 subdomain');
  });

  it("is shortened", () => {
    for (const line of printed(yamlOf(none, { "metadata.name": "A".repeat(1000) })).split("\n")) expect(line.length).toBeLessThan(400);
  });

  const SECRET = "hunter2hunter2";

  it.each([
    ["a broken pull secret", none, { pullSecret: `{"auths": ${SECRET}` }],
    ["a pull secret of a wrong shape", none, { pullSecret: JSON.stringify({ auths: { "quay.io": { password: SECRET } } }) }],
    ["a pull secret as a mapping", none, { pullSecret: { auths: { "quay.io": { auth: SECRET } } } }],
    ["a pull secret as a list", none, { pullSecret: [SECRET] }],
    ["a misspelt pull secret", none, { pullsecret: SECRET }],
    ["a pull secret in the wrong place", none, { "metadata.pullSecret": SECRET }],
    ["a password that is no text", vsphere, { "platform.vsphere.vcenters[0].password": [SECRET] }],
    ["a password in the wrong place", vsphere, { "platform.vsphere.vcenters[0]": SECRET, "platform.vsphere.passwrd": SECRET }],
    ["a password of the old form that is no text", vsphereFlat, { "platform.vsphere.password": [SECRET] }],
    ["a password that looks like a reference", vsphere, { "platform.vsphere.vcenters[0].password": `env:${SECRET}!` }],
    ["a password beside an unknown key", vsphere, { "platform.vsphere.vcenters[0].password": SECRET, "platform.vsphere.vcenters[0].pass": SECRET }],
    ["vcenters as a text", vsphere, { "platform.vsphere.vcenters": { password: SECRET } }],
    ["a fencing password", none, { "controlPlane.fencing.credentials": [{ password: SECRET }] }],
    ["a proxy's password", none, { "proxy.httpProxy": `https://user:${SECRET}@proxy` }],
    ["a proxy's password with a slash", none, { "proxy.httpProxy": `https://user:a/${SECRET}@proxy` }],
    ["a proxy's password in a long list", none, { "proxy.httpProxy": "http://p", "proxy.noProxy": `http://user:${SECRET}@proxy` }],
    ["libvirt's password", kvm, { "platform.kvm.uri": `qemu+ssh://root:${SECRET}@host/system` }],
    ["an image's password", kvm, { "platform.kvm.clusterOSImage": `ftp://root:${SECRET}@host/x` }],
    ["a private key as sshKey", none, { sshKey: `-----BEGIN OPENSSH PRIVATE KEY-----\n${SECRET}\n-----END OPENSSH PRIVATE KEY-----\n` }],
    ["a private key without its first line as sshKey", none, { sshKey: `${SECRET}\n` }],
    ["a private key as trust bundle", none, { additionalTrustBundle: `-----BEGIN PRIVATE KEY-----\n${SECRET}\n-----END PRIVATE KEY-----\n` }],
  ] as const)("is never %s", (_title, base, change) => {
    expect(printed(yamlOf(base, change))).not.toContain(SECRET);
  });

  it.each([
    ["a missing quote", `apiVersion: v1\npullSecret: "${SECRET}\n`],
    ["an unknown tag", `apiVersion: v1\npullSecret: !${SECRET} x\n`],
    ["an escape that YAML does not know", `apiVersion: v1\npullSecret: "\\q${SECRET}"\n`],
    ["an unresolved alias", `apiVersion: v1\npullSecret: *${SECRET}\n`],
    ["a flow without end", `apiVersion: v1\npullSecret: {"auths": {"${SECRET}"\n`],
    ["a text where a key should be", `apiVersion: v1\n${SECRET}\n`],
    ["a directive", `%${SECRET}\n---\napiVersion: v1\n`],
    ["a secret twice", `apiVersion: v1\npullSecret: ${SECRET}\npullSecret: ${SECRET}\n`],
  ])("is never a secret near %s", (_title, text) => {
    expect(parseInstallConfig(text).errors.map(formatIssue).join("\n")).not.toContain(SECRET);
  });
});

describe("loadClusterSpec", () => {
  it("gives the spec of a valid file", () => {
    expect(loadClusterSpec(yamlOf(kvm, { sshKey: ED25519, pullSecret: PULL_SECRET, distribution: "kubernetes" }))).toMatchObject({
      clusterDomain: "test.example.com",
      sshKeys: [ED25519],
    });
  });

  it("throws CONFIG_INVALID with a line for each problem", () => {
    try {
      loadClusterSpec(BROKEN, "my.yaml");
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(InstallerError);
      expect(error).toMatchObject({ id: "CONFIG_INVALID", exitCode: 3, message: "my.yaml has 5 errors" });
      expect((error as InstallerError).details).toHaveLength(5);
      expect((error as InstallerError).details[3]).toMatch(/^networking\.serviceNetwork: Invalid value: .* \(11:3\)$/);
    }
  });
});

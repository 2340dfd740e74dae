import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import {
  type InstallConfigAnswers,
  loadClusterSpec,
  parseInstallConfig,
  redactInstallConfig,
  renderInstallConfig,
} from "../../../src/config/index.ts";
import { ED25519, kvm, none, PULL_SECRET, RSA, vsphere, yamlOf } from "./verdicts/support.ts";

const FEW: InstallConfigAnswers = { name: "lab", baseDomain: "example.com", controlPlaneReplicas: 1, computeReplicas: 0 };
const ALL: InstallConfigAnswers = {
  name: "lab",
  baseDomain: "example.com",
  distribution: "kubernetes",
  controlPlaneReplicas: 3,
  computeReplicas: 2,
  platformAnswers: { uri: "qemu+ssh://root@host/system", bridge: "br0" },
  machineNetwork: "10.20.0.0/24",
  apiVIP: "10.20.0.5",
  ingressVIP: "10.20.0.6",
  size: { cpus: 4, memoryMB: 8192, diskSizeGB: 40 },
  sshKey: `${ED25519}\n${RSA}`,
  pullSecret: PULL_SECRET,
};

describe("renderInstallConfig", () => {
  it("writes a valid file from few answers", () => {
    expect(loadClusterSpec(renderInstallConfig(FEW))).toMatchObject({
      clusterDomain: "lab.example.com",
      pools: { controlPlane: { replicas: 1 }, compute: [{ replicas: 0 }] },
    });
  });

  it("writes a valid file from all answers", () => {
    expect(loadClusterSpec(renderInstallConfig(ALL))).toMatchObject({
      distribution: "kubernetes",
      sshKeys: [ED25519, RSA],
      pullSecret: PULL_SECRET,
      vips: { api: ["10.20.0.5"], ingress: ["10.20.0.6"] },
      pools: { controlPlane: { replicas: 3, cpus: 4, memoryMB: 8192, diskSizeGB: 40 }, compute: [{ replicas: 2, cpus: 4 }] },
      platform: { uri: "qemu+ssh://root@host/system", network: { kind: "bridge", bridge: "br0" } },
    });
  });

  it("has a comment on each part", () => {
    const text = renderInstallConfig(ALL);
    for (const key of ["baseDomain", "controlPlane", "compute", "networking", "sshKey", "pullSecret"])
      expect(text).toMatch(new RegExp(`^# .*\\n${key}:`, "m"));
  });

  it("quotes names that YAML 1.1 takes for something else", () => {
    expect(parseInstallConfig(renderInstallConfig({ ...FEW, name: "on", baseDomain: "123" })).config).toMatchObject({
      metadata: { name: "on" },
      baseDomain: "123",
    });
  });
});

describe("redactInstallConfig", () => {
  const SECRET = "hunter2hunter2";

  it("blanks pull secret and passwords, and drops comments", () => {
    const text = `# ${SECRET}\n${yamlOf(vsphere, {
      pullSecret: JSON.stringify({ auths: { "quay.io": { auth: SECRET } } }),
      "platform.vsphere.vcenters[0].password": SECRET,
      "controlPlane.fencing.credentials": [{ hostName: "a", password: SECRET }],
      "proxy.httpProxy": `http://user:${SECRET}@proxy:3128`,
    })}# ${SECRET}\n`;
    const redacted = redactInstallConfig(text);
    expect(redacted).not.toContain(SECRET);
    expect(parse(redacted)).toMatchObject({
      pullSecret: "",
      platform: { vsphere: { vcenters: [{ server: "vc.example.com", user: "", password: "" }] } },
      proxy: { httpProxy: "http://<redacted>@proxy:3128" },
    });
  });

  it("changes nothing else", () => {
    const text = yamlOf(none, { sshKey: `${ED25519}\n${RSA}\n`, "metadata.name": "on" });
    expect(parse(redactInstallConfig(text))).toEqual({ ...(parse(text) as object), pullSecret: "" });
    expect(loadClusterSpec(redactInstallConfig(yamlOf(kvm, {})))).toEqual(loadClusterSpec(yamlOf(kvm, {})));
  });

  it("refuses what it cannot read", () => {
    expect(() => redactInstallConfig("a: [")).toThrow("cannot be read");
  });
});

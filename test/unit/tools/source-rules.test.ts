import { describe, expect, it } from "vitest";
import { checkSources } from "../../../tools/source-rules.ts";

const lines = (count: number): string => "x\n".repeat(count);

describe("checkSources", () => {
  it("warns above 300 lines and fails above 500", () => {
    expect(checkSources([{ path: "src/a.ts", text: lines(300) }])).toEqual({ warnings: [], failures: [] });
    expect(checkSources([{ path: "src/a.ts", text: lines(301) }]).warnings).toHaveLength(1);
    expect(checkSources([{ path: "src/a.ts", text: lines(500) }]).failures).toHaveLength(0);
    expect(checkSources([{ path: "src/a.ts", text: lines(501) }]).failures).toEqual([expect.stringContaining("src/a.ts: 501 lines")]);
  });

  it.each([
    ["src/installer/phases/create.ts", "const a = 1;\nif (platform === 'kvm') return;\n", "kvm"],
    ["src/stack/driver.ts", "// a\n/** Pulumi's vSphere provider */", "vSphere"],
    ["src/config/platforms/platform-config.ts", "\nreadonly vcenters: number", "vcenter"],
    ["src/virtualization/observe/a.ts", "// /dev/kvm and\nhasKvm()", "Kvm"],
  ])("finds a platform's name in %s, with its line", (path, text, word) => {
    expect(checkSources([{ path, text }]).failures).toEqual([expect.stringContaining(`${path}:2: "${word}"`)]);
  });

  it.each([
    ["src/providers/kvm/libvirt.ts", "libvirt"],
    ["src/config/platforms/vsphere/index.ts", "vcenters"],
    ["src/providers/supported.ts", "kvm"],
    ["src/errors/catalogue/kvm.ts", "platform.kvm.uri"],
    ["src/virtualization/observe/a.ts", 'devices.kubevirt.io/kvm, /dev/kvm, kvm_intel, csi.vsphere.vmware.com, "no KVM"'],
    ["test/helpers/a.ts", "kvm"],
  ])("lets %s name one, and what only contains such a word", (path, text) => {
    expect(checkSources([{ path, text }]).failures).toEqual([]);
  });

  it("lets the two guarded places serve, tests listen, and types be named", () => {
    const files = [
      { path: "src/pulumi/server/grpc.ts", text: "const server = new Server();\nserver.bindAsync(address, credentials, done);\n" },
      { path: "src/stack/stack-access.ts", text: 'const automation = await import("@pulumi/pulumi/automation/index.js");\n' },
      { path: "test/helpers/api.ts", text: "createServer().listen(0);\n" },
      { path: "src/stack/driver.ts", text: 'import type { PulumiFn } from "@pulumi/pulumi/automation/index.js";\n' },
    ];
    expect(checkSources(files).failures).toEqual([]);
  });

  it("finds a second way to quote for a shell", () => {
    const text = "const quoted = text.replaceAll(\"'\", String.raw`'\\''`);\n";
    expect(checkSources([{ path: "src/providers/x.ts", text }]).failures).toEqual([expect.stringContaining("src/util/shell-quote.ts")]);
  });

  it("finds who asks for the environment below the entries of programs", () => {
    const text = "const env = systemEnvironment();\n";
    expect(checkSources([{ path: "src/stack/prepare.ts", text }]).failures).toEqual([expect.stringContaining("src/cli/run.ts")]);
    expect(checkSources([{ path: "src/plugin/main.ts", text }]).failures).toEqual([]);
  });

  it("finds a table outside of src/cli/render", () => {
    const text = "lines.push(name.padEnd(24));\n";
    expect(checkSources([{ path: "src/installer/status.ts", text }]).failures).toEqual([expect.stringContaining("src/cli/render/")]);
    expect(checkSources([{ path: "src/cli/render/status.ts", text }]).failures).toEqual([]);
  });

  it("finds a version of OpenShift outside of the contract", () => {
    const text = 'if (version === "4.20") return;\n';
    expect(checkSources([{ path: "src/assets/openshift/proxy.ts", text }]).failures).toEqual([expect.stringContaining("by capability")]);
    expect(checkSources([{ path: "src/config/openshift/contract.ts", text }]).failures).toEqual([]);
    expect(checkSources([{ path: "src/assets/kubernetes/proxy.ts", text: 'const COREDNS = "1.12.4";\n' }]).failures).toEqual([]);
  });

  it("fails when there was nothing to read", () => {
    expect(checkSources([]).failures).toEqual(["no source file was read"]);
  });
});

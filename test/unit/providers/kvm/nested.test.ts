import { describe, expect, it } from "vitest";
import type { ClusterSpec, VirtualizationSpec } from "../../../../src/config/index.ts";
import type { Runner } from "../../../../src/exec/index.ts";
import { Libvirt } from "../../../../src/providers/kvm/libvirt.ts";
import type { CheckInput } from "../../../../src/providers/kvm/preflight/check.ts";
import type { Finding } from "../../../../src/providers/preflight/check.ts";
import { checkNested } from "../../../../src/providers/kvm/preflight/nested.ts";
import { REMOTE_URI, remoteLibvirtHost } from "../../../helpers/remote-libvirt-host.ts";
import { makeSpec } from "../../assets/spec.ts";

const host = (domain: "kvm" | "qemu", flag: string, parameter: string): Runner =>
  remoteLibvirtHost({ accelerated: domain === "kvm", flag, parameter });

async function find(run: Runner, emulation: VirtualizationSpec["emulation"] | undefined, uri = REMOTE_URI): Promise<Finding> {
  const base = makeSpec(1, 1);
  const spec = { ...base, ...(emulation === undefined ? {} : { virtualization: { emulation } }) } as ClusterSpec;
  const signal = new AbortController().signal;
  return await checkNested({ spec, platform: { uri }, libvirt: new Libvirt(uri, { run, signal, env: {} }), run, signal } as unknown as CheckInput);
}

describe("nested virtualization", () => {
  it.each([
    ["is on", host("kvm", "vmx", "Y\n"), "Auto", "ok", /nested virtualization is on/],
    ["is on, with the older word for it", host("kvm", "svm", "1\n"), "Off", "ok", /is on/],
    ["is off", host("kvm", "vmx", "N\n"), "Auto", "warning", /will run in software emulation/],
    ["is off, and emulation too", host("kvm", "vmx", "0\n"), "Off", "failed", /emulation is Off/],
    ["is off, and emulation is asked for", host("kvm", "vmx", ""), "On", "ok", /asked for/],
    ["cannot be, since the machines are emulated", host("qemu", "vmx", "Y\n"), "Auto", "warning", /emulated themselves/],
  ] as const)("%s", async (_, run, emulation, outcome, found) => {
    expect(await find(run, emulation)).toMatchObject({ outcome, found: expect.stringMatching(found) });
  });

  it("is of no interest where there are no virtual machines", async () => {
    expect(await find(host("qemu", "", ""), undefined)).toMatchObject({ outcome: "skipped" });
  });

  it("is not known where the host's files cannot be read", async () => {
    expect(await find(host("kvm", "vmx", "Y"), "Auto", "qemu+tls://kvm.example.com/system")).toMatchObject({ outcome: "skipped" });
  });
});

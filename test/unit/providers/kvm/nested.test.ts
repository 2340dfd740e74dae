import { describe, expect, it } from "vitest";
import type { ClusterSpec, VirtualizationSpec } from "../../../../src/config/index.ts";
import { InstallerError } from "../../../../src/errors/index.ts";
import type { Runner } from "../../../../src/exec/index.ts";
import { Libvirt } from "../../../../src/providers/kvm/libvirt.ts";
import type { CheckInput } from "../../../../src/providers/kvm/preflight/check.ts";
import type { Finding } from "../../../../src/providers/preflight/check.ts";
import { checkNested } from "../../../../src/providers/kvm/preflight/nested.ts";
import { makeSpec } from "../../assets/spec.ts";

const URI = "qemu+ssh://root@kvm.example.com/system";

/** A remote host: what libvirt offers, its CPU's flags, and its module's parameter. */
function host(domain: "kvm" | "qemu", flag: string, nested: string): Runner {
  return async (file, args) => {
    const answer = (stdout: string): { stdout: string; stderr: string; exitCode: number } => ({ stdout, stderr: "", exitCode: 0 });
    if (file === "ssh") {
      expect(args).toEqual(expect.arrayContaining(["--", "root@kvm.example.com", "cat"]));
      return await Promise.resolve(answer(nested));
    }
    if (args.includes("cpu-baseline")) return answer(`<cpu><feature name='${flag}'/></cpu>`);
    if (args.includes("domcapabilities") && domain === "qemu")
      throw new InstallerError(
        "EXEC_FAILED",
        "virsh failed: error: invalid argument: KVM is not supported by '/usr/bin/qemu-system-x86_64' on this host",
      );
    return answer(`<capabilities><guest><arch name='x86_64'><domain type='${domain}'/></arch></guest></capabilities>`);
  };
}

async function find(run: Runner, emulation: VirtualizationSpec["emulation"] | undefined, uri = URI): Promise<Finding> {
  const base = makeSpec(1, 1);
  const spec = { ...base, ...(emulation === undefined ? {} : { virtualization: { emulation } }) } as ClusterSpec;
  const signal = new AbortController().signal;
  return await checkNested({ spec, platform: { uri }, libvirt: new Libvirt(uri, run, signal), run, signal } as unknown as CheckInput);
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

import { readFile } from "node:fs/promises";
import type { Runner } from "../../../exec/index.ts";
import { findAcceleration, isLocal } from "../acceleration.ts";
import { failed, ok, skipped, warning, type Finding } from "../../preflight/check.ts";
import type { CheckInput } from "./check.ts";

const MODULES = ["kvm_intel", "kvm_amd"] as const;
const FIX = "Load kvm_intel or kvm_amd with nested=1 (options kvm_intel nested=1 in /etc/modprobe.d), or set virtualization.emulation: On.";

/** Whether the machines themselves will have vmx or svm: without it, virtual machines in the cluster can only be emulated. */
export async function checkNested({ spec, libvirt, platform, run, signal }: CheckInput): Promise<Finding> {
  const { virtualization } = spec;
  if (virtualization === undefined) return skipped("the install-config asks for no virtualization");
  const { acceleration, reason } = await findAcceleration(libvirt);
  const nested = acceleration === "kvm" ? await nestedParameter(platform.uri, run, signal) : "off";
  if (nested === undefined) return skipped("the kernel modules of the remote host cannot be read over this connection");
  if (nested === "on") return ok("nested virtualization is on, and machines get the host's CPU");
  const found =
    acceleration === "kvm"
      ? "the host's KVM module has nested virtualization off"
      : `the machines are emulated themselves (${reason}), and so is what runs in them`;
  if (virtualization.emulation === "On") return ok(`${found}; software emulation is asked for`);
  if (virtualization.emulation === "Off") return failed(`${found}, and virtualization.emulation is Off`, FIX);
  return warning(`${found}: virtual machines in the cluster will run in software emulation, about ten times slower`, FIX);
}

/** `on` or `off` of the module that is loaded; undefined where it cannot be read. Source: Documentation/virt/kvm of Linux */
async function nestedParameter(uri: string, run: Runner, signal: AbortSignal): Promise<"on" | "off" | undefined> {
  const paths = MODULES.map((name) => `/sys/module/${name}/parameters/nested`);
  if (isLocal(uri)) {
    const texts = await Promise.all(paths.map((path) => readFile(path, "utf8").catch(() => "")));
    return isOn(texts.join(""));
  }
  const url = new URL(uri);
  if (!url.protocol.includes("ssh")) return undefined;
  const target = `${url.username === "" ? "" : `${decodeURIComponent(url.username)}@`}${url.hostname}`;
  const port = url.port === "" ? [] : ["-p", url.port];
  // One of the two modules is loaded, so cat fails for the other: exit code 1.
  const { stdout } = await run("ssh", ["-o", "BatchMode=yes", ...port, "--", target, "cat", ...paths], { signal, timeoutMs: 15_000, accept: [1] });
  return isOn(stdout);
}

/** The parameter is `Y` or `1` on kernels of different age. */
const isOn = (text: string): "on" | "off" => (/^[Y1]/m.test(text) ? "on" : "off");

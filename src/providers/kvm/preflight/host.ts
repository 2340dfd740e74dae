import { findAcceleration, isLocal } from "../acceleration.ts";
import { domainNames } from "../domains.ts";
import { failed, ok, warning, type Finding } from "../../preflight/check.ts";
import type { CheckInput } from "./check.ts";

export async function checkReachable({ libvirt, platform }: CheckInput): Promise<Finding> {
  await libvirt.virsh(["uri"], { timeoutMs: 30_000 });
  return ok(platform.uri);
}

/** libvirt 6.5 has `<sysinfo type='fwcfg'>` with files; 7.0 is the oldest that a supported distribution still has. */
const OLDEST = { libvirt: [7, 0], QEMU: [5, 0] } as const;

/** Versions of both in virsh's words: `Using library: libvirt 9.0.0`, `Running hypervisor: QEMU 7.2.0`. */
export async function checkVersion({ libvirt }: CheckInput): Promise<Finding> {
  const text = await libvirt.virsh(["version", "--daemon"]);
  const found: string[] = [];
  for (const [name, oldest] of Object.entries(OLDEST)) {
    const version = new RegExp(name === "libvirt" ? "Running against daemon: ([\\d.]+)" : "Running hypervisor: QEMU ([\\d.]+)").exec(text)?.[1];
    if (version === undefined) return failed(`libvirt does not report the version of ${name}`, "Install QEMU on the libvirt host.");
    if (isOlder(version, oldest)) return failed(`${name} ${version} is older than ${oldest.join(".")}`, `Upgrade ${name} on the libvirt host.`);
    found.push(`${name} ${version}`);
  }
  return ok(found.join(", "));
}

export function isOlder(version: string, [major, minor]: readonly [number, number]): boolean {
  const [foundMajor = 0, foundMinor = 0] = version.split(".").map(Number);
  return foundMajor < major || (foundMajor === major && foundMinor < minor);
}

export async function checkAcceleration({ libvirt }: CheckInput): Promise<Finding> {
  const { acceleration, reason } = await findAcceleration(libvirt);
  if (acceleration === "kvm") return ok(reason);
  return warning(
    `machines will be emulated (TCG), about ten times slower: ${reason}`,
    "Enable virtualization in the firmware, or nested virtualization on the outer host (kvm_intel/kvm_amd nested=1).",
  );
}

const RESERVE_MB = 512;

/** What the machines that do not run yet need, against what the host has free (page cache counts as free). */
export async function checkMemory({ libvirt, machines, platform }: CheckInput): Promise<Finding> {
  const running = await domainNames(libvirt, "running");
  const neededMB = machines.filter(({ name }) => !running.has(name)).reduce((sum, { memoryMB }) => sum + memoryMB, 0);
  const freeMB = availableMB(await libvirt.virsh(["nodememstats"]));
  const text = `${neededMB} MiB needed for ${machines.length} machines, ${freeMB} MiB free on ${isLocal(platform.uri) ? "this host" : new URL(platform.uri).hostname}`;
  if (freeMB < neededMB) return failed(text, "Lower memoryMB of the machine pools, create fewer machines, or stop others.");
  if (freeMB < neededMB + RESERVE_MB) return warning(text, "Leave some memory to the host itself.");
  return ok(text);
}

/** Free memory, buffers and cache in virsh nodememstats' table. */
export function availableMB(table: string): number {
  const kib = (name: string): number => Number(new RegExp(`^${name}\\s*:\\s*(\\d+) KiB`, "m").exec(table)?.[1] ?? 0);
  return Math.floor((kib("free") + kib("buffers") + kib("cached")) / 1024);
}

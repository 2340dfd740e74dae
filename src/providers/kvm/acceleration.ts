import { readFile } from "node:fs/promises";
import { FILE, type Libvirt } from "./libvirt.ts";
import { findAll, parseXml } from "./xml/parse-xml.ts";
import type { Acceleration } from "./xml/domain-xml.ts";

export interface AccelerationFinding {
  readonly acceleration: Acceleration;
  /** Why, for the user. */
  readonly reason: string;
}

/**
 * Whether machines can have hardware help. Two things must be true: libvirt offers type kvm (/dev/kvm is there), and the CPU
 * has vmx or svm. The device alone is not enough: nested hosts show it without the flags, and guests then do not start.
 */
export async function findAcceleration(libvirt: Libvirt): Promise<AccelerationFinding> {
  if (!(await offersKvm(libvirt))) return { acceleration: "qemu", reason: "libvirt offers no KVM (no usable /dev/kvm)" };
  const flag = (await hostCpuFlags(libvirt)).find((name) => name === "vmx" || name === "svm");
  if (flag === undefined) return { acceleration: "qemu", reason: "/dev/kvm exists, but the CPU has neither vmx nor svm" };
  return { acceleration: "kvm", reason: `KVM, CPU flag ${flag}` };
}

async function offersKvm(libvirt: Libvirt): Promise<boolean> {
  const guests = findAll(parseXml(await libvirt.virsh(["capabilities"])), "guest");
  return guests.some((guest) =>
    findAll(guest, "arch").some(
      (arch) => arch.attributes["name"] === "x86_64" && findAll(arch, "domain").some((domain) => domain.attributes["type"] === "kvm"),
    ),
  );
}

async function hostCpuFlags(libvirt: Libvirt): Promise<readonly string[]> {
  if (isLocal(libvirt.uri)) return (/^flags\s*:(.*)$/m.exec(await readFile("/proc/cpuinfo", "utf8"))?.[1] ?? "").trim().split(/\s+/);
  // A CPU model stands for features of its own, so libvirt is asked to spell them out.
  const expanded = await libvirt.withDocument(["cpu-baseline", "--file", FILE, "--features"], await libvirt.virsh(["capabilities"]));
  return findAll(parseXml(expanded), "feature").map((feature) => feature.attributes["name"] ?? "");
}

/** True if the libvirt of this URI runs on this host. */
export function isLocal(uri: string): boolean {
  return new URL(uri).host === "";
}

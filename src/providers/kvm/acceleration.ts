import { readFile } from "node:fs/promises";
import { isInstallerError } from "../../errors/index.ts";
import { document, type Libvirt } from "./libvirt.ts";
import { findAll, parseXml } from "./xml/parse-xml.ts";
import type { Acceleration } from "./xml/domain-xml.ts";

export interface AccelerationFinding {
  readonly acceleration: Acceleration;
  /** Why, for the user. */
  readonly reason: string;
}

/**
 * Whether machines can have hardware help. Two things must be true: the CPU has vmx or svm, and libvirt offers type kvm (/dev/kvm is there).
 * The device alone is not enough: nested hosts show it without the flags, and guests then do not start. The flags are looked at first: a local
 * host shows them without its libvirt, which takes seconds to answer for its emulators when it has just started.
 */
export async function findAcceleration(libvirt: Libvirt): Promise<AccelerationFinding> {
  const flag = (await hostCpuFlags(libvirt)).find((name) => name === "vmx" || name === "svm");
  if (flag === undefined) return { acceleration: "qemu", reason: "the CPU has neither vmx nor svm" };
  if (!(await offersKvm(libvirt))) return { acceleration: "qemu", reason: "libvirt offers no KVM (no usable /dev/kvm)" };
  return { acceleration: "kvm", reason: `KVM, CPU flag ${flag}` };
}

/** @param wanted `auto` or undefined: by hardware where that is there. @param say is called with the reason where it is not */
export async function chooseAcceleration(
  libvirt: Libvirt,
  wanted: Acceleration | "auto" | undefined,
  say: (message: string) => void,
): Promise<Acceleration> {
  if (wanted === "kvm" || wanted === "qemu") return wanted;
  const { acceleration, reason } = await findAcceleration(libvirt);
  if (acceleration === "qemu") say(`no acceleration: ${reason}`);
  return acceleration;
}

/** What one emulator can do; `capabilities` would make libvirt look at all of them. */
async function offersKvm(libvirt: Libvirt): Promise<boolean> {
  try {
    await libvirt.virsh(["domcapabilities", "--virttype", "kvm", "--arch", "x86_64"]);
    return true;
  } catch (error) {
    if (isInstallerError(error) && error.id === "LIBVIRT_FAILED") return false;
    throw error;
  }
}

/** What machines of a host are as fast as: `kvm` or `qemu`, with the name of a host that is not this one. */
export async function paceOf(libvirt: Libvirt): Promise<string> {
  const { acceleration } = await findAcceleration(libvirt);
  return isLocal(libvirt.uri) ? acceleration : `${acceleration} on ${new URL(libvirt.uri).hostname}`;
}

/**
 * Has libvirt look at its emulator, which takes one that has just started seconds; the first machine would wait for it. It may do so while
 * other things are made. Whatever is wrong with the emulator is reported by who needs it.
 */
export async function knowEmulator(libvirt: Libvirt): Promise<void> {
  await libvirt.virsh(["domcapabilities", "--arch", "x86_64"]).catch(() => undefined);
}

async function hostCpuFlags(libvirt: Libvirt): Promise<readonly string[]> {
  if (isLocal(libvirt.uri)) return (/^flags\s*:(.*)$/m.exec(await readFile("/proc/cpuinfo", "utf8"))?.[1] ?? "").trim().split(/\s+/);
  // A CPU model stands for features of its own, so libvirt is asked to spell them out.
  const expanded = await libvirt.virsh(["cpu-baseline", "--file", document(await libvirt.virsh(["capabilities"])), "--features"]);
  return findAll(parseXml(expanded), "feature").map((feature) => feature.attributes["name"] ?? "");
}

/** True if the libvirt of this URI runs on this host. */
export function isLocal(uri: string): boolean {
  return new URL(uri).host === "";
}

/** True if that libvirt is a user's own, which the first virsh starts, and with it its machines. */
export const isSessionHere = (uri: string): boolean => isLocal(uri) && new URL(uri).pathname === "/session";

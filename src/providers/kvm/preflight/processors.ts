import { findAcceleration } from "../acceleration.ts";
import { ok, warning, type Finding } from "../../preflight/check.ts";
import type { CheckInput } from "./check.ts";

/**
 * Emulated processors that outnumber the host's wait for each other: three control-plane machines of two processors did not come up on a host of
 * two, and did with one each (docs/adr/0006). With acceleration several for one are usual.
 */
export async function checkProcessors({ libvirt, machines }: CheckInput): Promise<Finding> {
  const there = Number(/^CPU\(s\)\s*:\s*(\d+)/m.exec(await libvirt.virsh(["nodeinfo"]))?.[1] ?? Number.NaN);
  if (Number.isNaN(there))
    return warning("libvirt does not report how many processors the host has", "Look at `virsh nodeinfo` on the libvirt host.");
  const wanted = machines.reduce((sum, { cpus }) => sum + cpus, 0);
  const text = `${wanted} processors for ${machines.length} machines, ${there} on the host`;
  const several = machines.some(({ cpus }) => cpus > 1);
  if (wanted <= there || !several || (await findAcceleration(libvirt)).acceleration === "kvm") return ok(text);
  return warning(`${text}: emulated ones wait for each other`, "Set cpus: 1 for the machine pools and for platform.kvm.bootstrap.");
}

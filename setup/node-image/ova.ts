import { mkdir, mkdtemp, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { create } from "tar";
import { z } from "zod";
import type { Runner } from "../../src/exec/index.ts";
import { sha256Of } from "../../src/util/index.ts";
import { ovfDescriptor, type OvfSpec } from "./ovf.ts";

export interface OvaOptions {
  readonly run: Runner;
  readonly signal?: AbortSignal | undefined;
  /** Any image that qemu-img reads. */
  readonly image: string;
  /** Where the OVA goes. */
  readonly to: string;
  readonly machine?: Partial<Omit<OvfSpec, "disk">>;
}

const MACHINE: Omit<OvfSpec, "disk" | "name"> = {
  guestId: "debian10_64Guest",
  cpus: 2,
  memoryMB: 4096,
  // vSphere 6.7 Update 2; the least that OpenShift takes.
  hardwareVersion: 15,
  firmware: "bios",
  guestinfo: ["guestinfo.hostname", "guestinfo.ignition.config.data", "guestinfo.ignition.config.data.encoding"],
};

const ImageInfo = z.object({ "virtual-size": z.int().min(1) });

/**
 * Packs a disk image as an OVA: descriptor, manifest (sha256) and a stream-optimised VMDK, which is written once and cannot
 * be changed in place. Takes about a minute a GiB.
 * @throws InstallerError EXEC_*
 */
export async function makeOva(options: OvaOptions): Promise<void> {
  const { run, signal } = options;
  const name = basename(options.to, ".ova");
  await mkdir(dirname(options.to), { recursive: true });
  const work = await mkdtemp(`${options.to}.`);
  const [ovf, manifest, vmdk] = [`${name}.ovf`, `${name}.mf`, `${name}-disk1.vmdk`];
  try {
    const { stdout } = await run("qemu-img", ["info", "--output=json", options.image], { signal });
    const disk = join(work, vmdk);
    // The tools' version is the one that vSphere reads as "looked after by the guest".
    const format = "subformat=streamOptimized,adapter_type=lsilogic,compat6,toolsversion=2147483647";
    await run("qemu-img", ["convert", "-O", "vmdk", "-o", format, options.image, disk], { signal, timeoutMs: 30 * 60_000 });
    const capacityBytes = ImageInfo.parse(JSON.parse(stdout))["virtual-size"];
    const descriptor = ovfDescriptor({
      name,
      ...MACHINE,
      ...options.machine,
      disk: { file: vmdk, fileSize: (await stat(disk)).size, capacityBytes },
    });
    await writeFile(join(work, ovf), descriptor);
    const sums = await Promise.all([ovf, vmdk].map(async (file) => `SHA256(${file})= ${await sha256Of(join(work, file))}\n`));
    await writeFile(join(work, manifest), sums.join(""));
    const ova = join(work, "ova");
    // The descriptor comes first, so that who reads the stream knows what follows.
    await create({ file: ova, cwd: work, portable: true, mtime: new Date(0) }, [ovf, manifest, vmdk]);
    await rename(ova, options.to);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

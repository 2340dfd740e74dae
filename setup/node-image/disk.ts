import { copyFile, mkdir, open, readFile, rename, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { BuildContext } from "./context.ts";

const MIB = 1024 * 1024;
const SECTOR = 512;

/** Partition layout in MiB; the root partition is the last one, so that it can grow. */
const LAYOUT = { biosBoot: { start: 1, size: 1 }, esp: { start: 2, size: 16 }, root: { start: 18 } } as const;
const TYPE = {
  biosBoot: "21686148-6449-6E6F-744E-656564454649",
  esp: "C12A7328-F81F-11D2-BA4B-00A0C93EC93B",
  // "Linux root (x86-64)" of the Discoverable Partitions Specification: what systemd-repart grows.
  root: "4F68BCE3-E8CD-4DB1-96E7-FBCAF984B709",
} as const;

const GRUB_MODULES = [
  "part_gpt",
  "ext2",
  "normal",
  "linux",
  "search",
  "search_label",
  "configfile",
  "test",
  "echo",
  "serial",
  "terminal",
  "smbios",
  "sleep",
  "boot",
];
const BIOS_MODULES = ["biosdisk", ...GRUB_MODULES];
const EFI_MODULES = [...GRUB_MODULES, "efi_gop", "all_video"];

/** Makes the raw disk from the root folder without mounting anything: GPT, grub for BIOS and UEFI, ext4. @param size of the root file system in MiB @returns its path */
export async function makeDisk(context: BuildContext, root: string, size: number): Promise<string> {
  const disk = join(context.workDir, "disk.raw");
  context.log("writing the disk: GPT, grub for BIOS and UEFI, root file system");
  await writeFile(disk, "");
  await truncate(disk, (LAYOUT.root.start + size + 1) * MIB);
  await mkdir(join(root, "boot/grub"), { recursive: true });
  await copyFile(join(context.templateDir, "grub.cfg"), join(root, "boot/grub/grub.cfg"));
  await writeFile(join(root, "boot/ignition.firstboot"), "");
  const table = [
    "label: gpt",
    `start=${LAYOUT.biosBoot.start}MiB, size=${LAYOUT.biosBoot.size}MiB, type=${TYPE.biosBoot}, name="BIOS-BOOT"`,
    `start=${LAYOUT.esp.start}MiB, size=${LAYOUT.esp.size}MiB, type=${TYPE.esp}, name="EFI-SYSTEM"`,
    `start=${LAYOUT.root.start}MiB, size=${size}MiB, type=${TYPE.root}, name="root"`,
  ];
  await context.run("sfdisk", ["--quiet", disk], { input: `${table.join("\n")}\n`, signal: context.signal });
  await context.run(
    "mke2fs",
    ["-q", "-t", "ext4", "-L", "root", "-d", root, "-E", `offset=${LAYOUT.root.start * MIB},lazy_itable_init=1,nodiscard`, disk, `${size}M`],
    { signal: context.signal, timeoutMs: 600_000 },
  );
  await installBiosGrub(context, root, disk);
  await installEfiGrub(context, root, disk);
  return disk;
}

const EARLY = "search --no-floppy --label root --set root\nset prefix=($root)/boot/grub\nconfigfile $prefix/grub.cfg\n";

async function grubImage(context: BuildContext, root: string, format: string, modules: readonly string[]): Promise<Buffer> {
  await writeFile(join(root, "tmp/early.cfg"), EARLY);
  await context.run("chroot", [root, "grub-mkimage", "-O", format, "-o", "/tmp/core.img", "-p", "/boot/grub", "-c", "/tmp/early.cfg", ...modules]);
  const core = await readFile(join(root, "tmp/core.img"));
  await rm(join(root, "tmp/core.img"));
  await rm(join(root, "tmp/early.cfg"));
  return core;
}

/**
 * What grub-bios-setup does, on a plain file: boot.img into the MBR, with the place where core.img begins; core.img into the BIOS boot
 * partition, with the place where its second sector is. Source: GRUB's i386/pc boot sector layout (kernel sector at 0x5c, block list at 0x1f4).
 */
async function installBiosGrub(context: BuildContext, root: string, disk: string): Promise<void> {
  const boot = await readFile(join(root, "usr/lib/grub/i386-pc/boot.img"));
  const core = await grubImage(context, root, "i386-pc", BIOS_MODULES);
  if (core.length > LAYOUT.biosBoot.size * MIB) throw new RangeError(`grub's core image of ${core.length} bytes does not fit its partition`);
  const first = (LAYOUT.biosBoot.start * MIB) / SECTOR;
  boot.writeBigUInt64LE(BigInt(first), 0x5c);
  // Two no-ops where boot.img would look whether the BIOS gave a floppy's number.
  boot.writeUInt16LE(0x9090, 0x66);
  core.writeBigUInt64LE(BigInt(first + 1), 0x1f4);
  core.writeUInt16LE(Math.ceil(core.length / SECTOR) - 1, 0x1fc);
  const file = await open(disk, "r+");
  try {
    // The first 440 bytes only: the partition table of the protective MBR follows.
    await file.write(boot, 0, 440, 0);
    await file.write(core, 0, core.length, first * SECTOR);
  } finally {
    await file.close();
  }
}

async function installEfiGrub(context: BuildContext, root: string, disk: string): Promise<void> {
  const efi = join(context.workDir, "BOOTX64.EFI");
  await writeFile(efi, await grubImage(context, root, "x86_64-efi", EFI_MODULES));
  const esp = join(context.workDir, "esp.img");
  await writeFile(esp, "");
  await truncate(esp, LAYOUT.esp.size * MIB);
  await context.run("mkfs.vfat", ["-F", "12", "-n", "EFI", esp]);
  await context.run("mmd", ["-i", esp, "::/EFI", "::/EFI/BOOT"]);
  await context.run("mcopy", ["-i", esp, efi, "::/EFI/BOOT/BOOTX64.EFI"]);
  const [source, target] = [await readFile(esp), await open(disk, "r+")];
  try {
    await target.write(source, 0, source.length, LAYOUT.esp.start * MIB);
  } finally {
    await target.close();
  }
}

/** Turns the raw disk into a sparse qcow2. */
export async function makeQcow2(context: BuildContext, disk: string, target: string): Promise<void> {
  const temporary = `${target}.tmp`;
  await context.run("qemu-img", ["convert", "-f", "raw", "-O", "qcow2", "-o", "compat=1.1,lazy_refcounts=off", disk, temporary], {
    signal: context.signal,
    timeoutMs: 600_000,
  });
  await rename(temporary, target);
}

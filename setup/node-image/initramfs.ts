import { copyFile, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { InstallerError } from "../../src/errors/index.ts";
import type { BuildContext } from "./context.ts";

/** The disks and ports that KVM and vSphere machines have; anything else only makes the first seconds longer. */
const DRIVERS =
  "virtio_blk virtio_scsi virtio_net virtio_pci virtio_rng virtio_console vmw_pvscsi vmxnet3 ahci sd_mod ext4 qemu_fw_cfg nls_ascii vfat";
const OMITTED = "network-legacy network-manager connman plymouth i18n crypt dm lvm mdraid multipath iscsi nfs busybox btrfs dmraid memstrack resume";

/** Makes /boot/initrd.img with Ignition inside, and /boot/vmlinuz beside it. @returns the kernel's version */
export async function makeInitramfs(context: BuildContext, root: string): Promise<string> {
  const kernels = await readdir(join(root, "lib/modules"));
  const kernel = kernels[0];
  if (kernel === undefined || kernels.length > 1)
    throw new InstallerError("INTERNAL", `the image holds ${kernels.length} kernels, not one`, { value: kernels.join(" ") });
  context.log(`creating the initramfs of ${kernel}`);
  await context.run(
    "chroot",
    // prettier-ignore
    [root, "dracut", "--force", "--no-hostonly", "--kver", kernel, "--add", "ignition systemd-networkd virt-ipi", "--omit", OMITTED, "--drivers", DRIVERS, "--compress", "zstd -6 -T0 -q", "/boot/initrd.img"],
    { signal: context.signal, timeoutMs: 600_000, onLine: (line) => context.log(line) },
  );
  await copyFile(join(root, `boot/vmlinuz-${kernel}`), join(root, "boot/vmlinuz"));
  await rm(join(root, `boot/vmlinuz-${kernel}`));
  return kernel;
}

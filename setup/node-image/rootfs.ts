import { chmod, copyFile, cp, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { NODE_COMMANDS, type BuildContext } from "./context.ts";
import { installDebian } from "./debian.ts";
import { IMAGE_SOURCES } from "./debian-sources.ts";

/** Makes the root file system in a folder. @returns its path and the packages with their versions */
export async function makeRootfs(context: BuildContext): Promise<{ root: string; packages: string }> {
  const root = join(context.workDir, "rootfs");
  // INITRD=No: the kernel's own hook would make an initramfs that is thrown away.
  await installDebian(context, root, join(context.templateDir, "packages.txt"), { INITRD: "No" });
  await configure(context, root);
  const { stdout } = await context.run("chroot", [root, "dpkg-query", "--show", "--showformat=${Package} ${Version}\n"]);
  return { root, packages: stdout };
}

async function configure(context: BuildContext, root: string): Promise<void> {
  await cp(join(context.templateDir, "overlay"), root, { recursive: true, force: true });
  await chmod(join(root, "etc/sudoers.d/core"), 0o440);
  await rm(join(root, "etc/apt/sources.list.d"), { recursive: true, force: true });
  await mkdir(join(root, "etc/apt/sources.list.d"));
  await writeFile(join(root, "etc/apt/sources.list"), IMAGE_SOURCES);
  for (const command of NODE_COMMANDS) {
    await copyFile(join(context.binDir, command), join(root, "usr/bin", command));
    await chmod(join(root, "usr/bin", command), 0o755);
  }
  const chroot = async (...args: string[]): Promise<unknown> => await context.run("chroot", [root, ...args], { signal: context.signal });
  await chroot("useradd", "--create-home", "--shell", "/bin/bash", "--groups", "adm,sudo,systemd-journal", "core");
  // Which units start is decided by the image's preset file alone: a first boot only enables, so Debian's own choices are undone here.
  await chroot("systemctl", "--quiet", "preset-all");
  await chroot("systemctl", "--quiet", "mask", "systemd-firstboot.service", "systemd-networkd-wait-online.service");
  // Machine identity is the first boot's: no id, no host name, no ssh keys in the image.
  await rm(join(root, "etc/hostname"), { force: true });
  await writeFile(join(root, "etc/machine-id"), "uninitialized\n");
  await chroot("sh", "-c", "rm -f /etc/ssh/ssh_host_* /var/lib/dbus/machine-id");
  await rm(join(root, "etc/resolv.conf"), { force: true });
  await symlink("../run/systemd/resolve/stub-resolv.conf", join(root, "etc/resolv.conf"));
  await rm(join(root, "var/cache/apt"), { recursive: true, force: true });
  await rm(join(root, "var/lib/apt/lists"), { recursive: true, force: true });
}

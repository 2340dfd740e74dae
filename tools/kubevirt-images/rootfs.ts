import { chmod, copyFile, link, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ImageContext } from "../../setup/node-image/container-image.ts";
import { installDebian } from "../../setup/node-image/debian.ts";
import type { PartContext } from "../../setup/part.ts";

const HERE = import.meta.dirname;
/** Users that KubeVirt's pods name by number, and those that Debian's libvirt looks up by name. */
const USERS = ["root:x:0:0:root:/root:/bin/bash", "qemu:x:107:107::/home/qemu:/bin/bash", "libvirt-qemu:x:64055:64055::/var/lib/libvirt:/bin/false"];
/** The user of operators, which run as no root. */
export const OPERATOR = 1001;
const GROUPS = ["root:x:0:", "qemu:x:107:", "libvirt-qemu:x:64055:", "kvm:x:36:qemu"];

/** @param root a new folder, into which Debian with libvirt and QEMU is installed; with headers until `finishRootfs` */
export const makeRootfs = (context: ImageContext, root: string): Promise<void> => installDebian(context, root, join(HERE, "packages.txt"));

/**
 * Puts KubeVirt's programs and settings into the file system.
 * @param programs paths by name, for /usr/bin
 * @param sources folder of KubeVirt's module
 */
export async function finishRootfs(context: PartContext, root: string, programs: Readonly<Record<string, string>>, sources: string): Promise<void> {
  const chroot = async (...args: string[]): Promise<unknown> => await context.run("chroot", [root, ...args], { signal: context.signal });
  await chroot("dpkg", "--purge", "libvirt-dev");
  const put = async (from: string, to: string, mode: number): Promise<void> => {
    await mkdir(join(root, to, ".."), { recursive: true });
    await copyFile(from, join(root, to));
    await chmod(join(root, to), mode);
  };
  for (const [name, path] of Object.entries(programs)) await put(path, `usr/bin/${name}`, 0o755);
  const launcher = join(sources, "cmd/virt-launcher");
  await put(join(launcher, "node-labeller/node-labeller.sh"), "usr/bin/node-labeller.sh", 0o755);
  await put(join(launcher, "qemu.conf"), "etc/libvirt/qemu.conf", 0o644);
  await put(join(launcher, "virtqemud.conf"), "etc/libvirt/virtqemud.conf", 0o644);
  await put(join(launcher, "qemu"), "etc/libvirt/hooks/qemu", 0o755);
  await put(join(launcher, "nsswitch.conf"), "etc/nsswitch.conf", 0o644);
  await writeFile(join(root, "etc/libvirt/virtlogd.conf"), "");
  await put(join(HERE, "virtqemud"), "usr/sbin/virtqemud", 0o755);
  // KubeVirt looks for processes by this name.
  await mkdir(join(root, "usr/libexec/virt-ipi"));
  await link(join(root, "usr/sbin/libvirtd"), join(root, "usr/libexec/virt-ipi/virtqemud"));
  await mkdir(join(root, "usr/lib64/qemu-kvm"), { recursive: true });
  await mkdir(join(root, "var/log/libvirt/qemu"), { recursive: true });
  await writeFile(join(root, "etc/passwd"), [...USERS, `kubevirt:x:${OPERATOR}:${OPERATOR}::/:/bin/false`, ""].join("\n"));
  await writeFile(join(root, "etc/group"), [...GROUPS, ""].join("\n"));
  // It serves DHCP to the guest, as a user without root.
  await chroot("setcap", "cap_net_bind_service=ep", "/usr/bin/virt-launcher-monitor");
  for (const folder of ["dev", "tmp", "run", "var/cache/apt", "var/lib/apt/lists"]) {
    await rm(join(root, folder), { recursive: true, force: true });
    await mkdir(join(root, folder), { recursive: true });
  }
  await chmod(join(root, "tmp"), 0o1777);
}

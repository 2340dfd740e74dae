import { existsSync } from "node:fs";
import { aptInstall } from "../apt.ts";
import type { Part, PartContext } from "../part.ts";
import { findProgram } from "../programs.ts";

/** A package is there when one of its files is: a program by name, or another file by path. */
interface Package {
  readonly name: string;
  readonly program?: string;
  readonly anyFile?: readonly string[];
}

/** A file in the library folder of Debian, of Fedora and of others. */
const inLib = (path: string): string[] =>
  ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib"].map((folder) => `${folder}/${path}`);

/** What the KVM platform, the node image and the tests run. Ignition and dracut are installed inside the image only. */
export const PACKAGES: readonly Package[] = [
  { name: "qemu-system-x86", program: "qemu-system-x86_64" },
  { name: "qemu-utils", program: "qemu-img" },
  { name: "ovmf", anyFile: ["/usr/share/OVMF/OVMF_CODE_4M.fd", "/usr/share/OVMF/OVMF_CODE.fd", "/usr/share/edk2/ovmf/OVMF_CODE.fd"] },
  { name: "libvirt-daemon", program: "libvirtd" },
  { name: "libvirt-daemon-driver-qemu", anyFile: inLib("libvirt/connection-driver/libvirt_driver_qemu.so") },
  { name: "libvirt-daemon-system", anyFile: ["/usr/lib/systemd/system/libvirtd.service", "/lib/systemd/system/libvirtd.service"] },
  { name: "libvirt-clients", program: "virsh" },
  { name: "dnsmasq-base", program: "dnsmasq" },
  { name: "iproute2", program: "ip" },
  { name: "iputils-ping", program: "ping" },
  { name: "arping", program: "arping" },
  { name: "nftables", program: "nft" },
  { name: "iptables", program: "iptables" },
  { name: "procps", program: "ps" },
  { name: "openssh-client", program: "ssh" },
  { name: "openssl", program: "openssl" },
  { name: "mmdebstrap", program: "mmdebstrap" },
  { name: "e2fsprogs", program: "mkfs.ext4" },
  { name: "dosfstools", program: "mkfs.vfat" },
  { name: "mtools", program: "mcopy" },
  { name: "gdisk", program: "sgdisk" },
  { name: "fdisk", program: "sfdisk" },
  { name: "xz-utils", program: "xz" },
  { name: "zstd", program: "zstd" },
  { name: "jq", program: "jq" },
  { name: "curl", program: "curl" },
];

/** The distribution's own packages. */
export const debianPackages: Part = {
  kind: "host",
  id: "debian-packages",
  version: "bookworm or newer",
  needs: [],
  locate: async (context) => {
    if ((await missingPackages(context)).length > 0) return undefined;
    return { version: `${PACKAGES.length} packages`, path: "/usr", programs: {} };
  },
  install: async (context) => {
    const missing = await missingPackages(context);
    context.log(`missing: ${missing.join(" ")}`);
    await aptInstall(context, missing);
  },
};

/** The names of the packages of which nothing is on this machine. */
async function missingPackages(context: PartContext): Promise<string[]> {
  const missing: string[] = [];
  for (const { name, program, anyFile } of PACKAGES) {
    const there = program === undefined ? (anyFile ?? []).some((path) => existsSync(path)) : (await findProgram(program, context.env)) !== undefined;
    if (!there) missing.push(name);
  }
  return missing;
}

import { posix } from "node:path";

const TOP = "bin boot dev etc home lib lib32 lib64 libx32 lost+found media mnt opt proc root run sbin selinux snap srv sys tmp usr var";
const BELOW: Readonly<Record<string, string>> = {
  dev: "mqueue pts shm",
  run: "lock user",
  usr: "bin games include lib lib32 lib64 libexec libx32 local sbin share src",
  "usr/local": "bin etc games include lib lib64 libexec man sbin share src",
  var: "backups cache crash db empty games lib local lock log mail opt run spool tmp www",
  "var/lib": "dpkg libvirt rpm systemd",
};
/** Made by the kernel: nothing below them is a folder for files. */
const KERNEL = /^\/(?:proc|sys)\//;

const FOLDERS = new Set([
  "/",
  ...TOP.split(" ").map((name) => `/${name}`),
  ...Object.entries(BELOW).flatMap(([top, names]) => names.split(" ").map((name) => `/${top}/${name}`)),
]);

/**
 * True for a folder that belongs to the system itself, as the Filesystem Hierarchy Standard lists them: others' programs need its mode, owner
 * and files. A folder that was made below one is none.
 * @param path absolute, in any spelling
 */
export function isSystemFolder(path: string): boolean {
  const clean = posix
    .normalize(path)
    .replace(/^\/+/, "/")
    .replace(/(?<=.)\/$/, "");
  return FOLDERS.has(clean) || KERNEL.test(clean);
}

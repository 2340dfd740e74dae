import { execFileSync } from "node:child_process";
import { chmod, mkdir, open, readFile, rename, rm, symlink, truncate, writeFile } from "node:fs/promises";

/** Ways in which a file can be other than it should. Each takes the path of a file that is there. */
export const DAMAGES: Readonly<Record<string, (path: string) => Promise<unknown>>> = {
  missing: (path) => rm(path),
  empty: (path) => truncate(path),
  null: (path) => writeFile(path, "null\n"),
  "an empty object": (path) => writeFile(path, "{}\n"),
  garbage: (path) => writeFile(path, "%PDF-1.4 {[(<:\n\t- '\"`@\n"),
  "cut in the middle": async (path) => truncate(path, Math.floor((await readFile(path)).length / 2)),
  binary: (path) => writeFile(path, Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 7 + (index >> 8)) & 255))),
  huge: async (path) => {
    await using file = await open(path, "r+");
    await file.truncate(2 ** 36);
  },
  "a folder": (path) => replace(path, () => mkdir(path)),
  "a link to it elsewhere": async (path) => {
    const elsewhere = `${path}.elsewhere-${process.pid}`.replace("/cluster/", "/elsewhere/");
    await mkdir(elsewhere.slice(0, elsewhere.lastIndexOf("/")), { recursive: true });
    await rename(path, elsewhere);
    await symlink(elsewhere, path);
  },
  "a link that leads nowhere": (path) => replace(path, () => symlink("/nowhere/at/all", path)),
  "a link to itself": (path) => replace(path, () => symlink(path, path)),
  "a pipe": (path) => replace(path, () => Promise.resolve(execFileSync("mkfifo", [path]))),
  unreadable: (path) => chmod(path, 0o000),
};

async function replace(path: string, make: () => Promise<unknown>): Promise<void> {
  await rm(path);
  await make();
}

import { lstat, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isRunning, SECRET_FILE_MODE, statOf } from "../../util/index.ts";

const NAME = /^virt-ipi-files-(\d+)-(\d*)-/;
/** A process of another PID namespace may share the folder, and is not seen. */
const OLD_MS = 10 * 60_000;

/** Of this process's folders, known once the leftovers of others are removed. */
let prefix: Promise<string> | undefined;

/**
 * Gives contents to a program that reads files only; in a folder of mode 0700, removed in any case. What a process left that was killed meanwhile is
 * removed by a later one.
 */
export async function withTemporaryFiles<T>(contents: readonly (string | Uint8Array)[], use: (paths: readonly string[]) => Promise<T>): Promise<T> {
  if (contents.length === 0) return await use([]);
  const folder = await mkdtemp(await (prefix ??= ownPrefix()));
  try {
    const paths = contents.map((_, index) => join(folder, `document-${index}`));
    for (const [index, content] of contents.entries()) await writeFile(paths[index] ?? "", content, { mode: SECRET_FILE_MODE });
    return await use(paths);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function ownPrefix(): Promise<string> {
  await removeLeftovers(tmpdir());
  const own = await statOf(process.pid);
  return join(tmpdir(), `virt-ipi-files-${process.pid}-${own?.startTime ?? ""}-`);
}

/** Removes this user's folders whose process has ended, and which are older than ten minutes. */
export async function removeLeftovers(parent: string): Promise<void> {
  for (const name of await readdir(parent).catch(() => [])) {
    const [, pid, startTime = ""] = NAME.exec(name) ?? [];
    if (pid === undefined || (await isRunning({ pid: Number(pid), startTime }))) continue;
    const path = join(parent, name);
    const found = await lstat(path).catch(() => undefined);
    if (found?.uid === process.getuid?.() && Date.now() - (found?.mtimeMs ?? 0) > OLD_MS)
      await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}

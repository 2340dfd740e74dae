import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SECRET_FILE_MODE } from "../../util/index.ts";

/** Gives contents to a program that reads files only; in a folder of mode 0700, removed in any case. */
export async function withTemporaryFiles<T>(contents: readonly (string | Uint8Array)[], use: (paths: readonly string[]) => Promise<T>): Promise<T> {
  if (contents.length === 0) return await use([]);
  const folder = await mkdtemp(join(tmpdir(), "virt-ipi-"));
  try {
    const paths = contents.map((_, index) => join(folder, `document-${index}`));
    for (const [index, content] of contents.entries()) await writeFile(paths[index] ?? "", content, { mode: SECRET_FILE_MODE });
    return await use(paths);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SECRET_FILE_MODE } from "../../util/index.ts";

/** Gives the content to a program that reads files only; in a folder of mode 0700, removed in any case. */
export async function withTemporaryFile<T>(content: string | Uint8Array, use: (path: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "virt-ipi-"));
  try {
    const path = join(folder, "document");
    await writeFile(path, content, { mode: SECRET_FILE_MODE });
    return await use(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

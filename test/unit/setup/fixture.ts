import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { SetupOptions } from "../../../setup/driver.ts";
import type { FilePart, Part } from "../../../setup/part.ts";

/** A checkout and a cache in a folder of their own, and what a set-up of them has logged. */
export interface Fixture extends AsyncDisposable {
  readonly root: string;
  readonly cacheDir: string;
  readonly logged: string[];
  options(parts: readonly Part[], more?: Partial<SetupOptions>): SetupOptions;
  write(path: string, text: string): Promise<void>;
}

export async function createFixture(): Promise<Fixture> {
  const folder = await mkdtemp(join(tmpdir(), "setup-"));
  const [root, cacheDir] = [join(folder, "checkout"), join(folder, "cache")];
  const logged: string[] = [];
  await mkdir(root);
  return {
    root,
    cacheDir,
    logged,
    options: (parts, more = {}) => ({ parts, root, cacheDir, offline: true, env: { PATH: "" }, log: (line) => logged.push(line), ...more }),
    write: async (path, text) => {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), text);
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** A part with one program whose build only writes it, and counts. */
export function fakePart(more: Partial<FilePart> & { id: string }): FilePart & { readonly builds: () => number } {
  let count = 0;
  return {
    kind: "files",
    version: "v1.0.0",
    needs: [],
    inputs: [],
    expose: "bin",
    build: async (_context, into) => {
      count += 1;
      await writeFile(join(into, more.id), `#!/bin/sh\necho ${more.id}\n`);
    },
    ...more,
    builds: () => count,
  };
}

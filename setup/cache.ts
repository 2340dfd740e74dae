import { chmod, mkdir, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { readTextIfExists, sha256Of, writeFileAtomic } from "../src/util/index.ts";
import { filesBelow, linkOrCopy, sameFile } from "./files.ts";
import type { FilePart } from "./part.ts";

const MANIFEST = "manifest.json";
/** Older results of a part that are kept, so that going back to a branch does not build again. */
const KEEP = 3;

const ManifestSchema = z.object({
  id: z.string(),
  version: z.string(),
  key: z.string(),
  source: z.enum(["downloaded", "built"]),
  madeAt: z.iso.datetime(),
  files: z.array(z.object({ path: z.string(), sha256: z.string().regex(/^[0-9a-f]{64}$/), size: z.int().min(0) })).min(1),
});

/** What was cached, with the sha256 of every file. */
export type Manifest = z.infer<typeof ManifestSchema>;

export type Verdict =
  | { readonly state: "good"; readonly folder: string; readonly manifest: Manifest }
  | { readonly state: "absent" }
  | { readonly state: "bad"; readonly reason: string };

/** The folder of one result. */
export function entryFolder(cacheDir: string, part: FilePart, key: string): string {
  return join(cacheDir, "parts", part.id, `${part.version}-${key.slice(0, 16)}`);
}

/** Reads the entry and compares every file with its sha256 and size. */
export async function verifyEntry(cacheDir: string, part: FilePart, key: string): Promise<Verdict> {
  const folder = entryFolder(cacheDir, part, key);
  const text = await readTextIfExists(join(folder, MANIFEST));
  if (text === undefined) return { state: "absent" };
  let manifest: Manifest;
  try {
    manifest = ManifestSchema.parse(JSON.parse(text));
  } catch {
    return { state: "bad", reason: `${MANIFEST} cannot be read` };
  }
  if (manifest.key !== key) return { state: "bad", reason: `${MANIFEST} belongs to another recipe` };
  for (const file of manifest.files) {
    const path = join(folder, file.path);
    const found = await stat(path).catch(() => undefined);
    if (found === undefined) return { state: "bad", reason: `${file.path} is missing` };
    if (found.size !== file.size) return { state: "bad", reason: `${file.path} has ${found.size} bytes instead of ${file.size}` };
    if ((await sha256Of(path)) !== file.sha256) return { state: "bad", reason: `${file.path} does not have its sha256` };
  }
  return { state: "good", folder, manifest };
}

/** Turns a folder of new files into the entry of this part and key: hashed, then moved into place in one step. */
export async function storeEntry(
  cacheDir: string,
  part: FilePart,
  key: string,
  from: string,
  source: Manifest["source"],
  madeAt: Date,
): Promise<Manifest> {
  const files = [];
  for (const path of await filesBelow(from, ".")) {
    const full = join(from, path);
    if (part.expose === "bin") await chmod(full, 0o755);
    files.push({ path, sha256: await sha256Of(full), size: (await stat(full)).size });
  }
  const manifest = ManifestSchema.parse({ id: part.id, version: part.version, key, source, madeAt: madeAt.toISOString(), files });
  await writeFileAtomic(join(from, MANIFEST), `${JSON.stringify(manifest, undefined, 2)}\n`, 0o644);
  const folder = entryFolder(cacheDir, part, key);
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, ".."), { recursive: true });
  await rename(from, folder);
  return manifest;
}

/** Links the files of an entry into the cache's `bin` or `images`, and answers their paths by name. */
export async function exposeEntry(cacheDir: string, part: FilePart, folder: string, manifest: Manifest): Promise<Record<string, string>> {
  const programs: Record<string, string> = {};
  for (const file of manifest.files) {
    const to = join(cacheDir, part.expose, file.path);
    const from = join(folder, file.path);
    // A copy (another file system) is compared by content, since it could have been changed on its own.
    if (!(await sameFile(from, to)) && (await sha256Of(to).catch(() => "")) !== file.sha256) await linkOrCopy(from, to);
    programs[file.path] = to;
  }
  const now = new Date();
  await utimes(join(folder, MANIFEST), now, now);
  return programs;
}

/** Removes all but the results of this part that were used last. */
export async function pruneEntries(cacheDir: string, part: FilePart): Promise<void> {
  const parent = join(cacheDir, "parts", part.id);
  const names = await readdir(parent).catch(() => []);
  const used = await Promise.all(
    names.map(async (name) => ({ name, at: (await stat(join(parent, name, MANIFEST)).catch(() => undefined))?.mtimeMs ?? 0 })),
  );
  for (const { name } of used.sort((a, b) => b.at - a.at).slice(KEEP)) await rm(join(parent, name), { recursive: true, force: true });
}

import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { rolldown, type OutputChunk } from "rolldown";
import { readTextIfExists, writeFileAtomic } from "../src/util/index.ts";

/**
 * `node tools/build.ts`: dist/, the programs of an installed package. npm runs it before it packs. What package.json has as dependency stays a
 * package of its own, as Pulumi's language host and the SDK's singletons need; everything else is put in, with its license. What has not changed is
 * left as it is, since programs of it may be running.
 */

const ROOT = resolve(import.meta.dirname, "..");
const DIST = join(ROOT, "dist");

/** Programs by the name that bin/ starts them with, and the program that plain `pulumi` loads. */
const PROGRAMS = {
  "virt-ipi": "src/cli/main.ts",
  "pulumi-resource-virt-ipi": "src/plugin/main.ts",
  "pulumi-language-nodejs": "plugins/language-host/main.ts",
  program: "src/stack/main.ts",
};

async function build(): Promise<void> {
  const { dependencies } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as { dependencies: Record<string, string> };
  const bundle = await rolldown({
    cwd: ROOT,
    input: PROGRAMS,
    platform: "node",
    transform: { target: "node22.18" },
    // Our modules run only where something is taken from them, so that a door (index.ts) costs only what is used of it.
    treeshake: { moduleSideEffects: (id) => id.includes("/node_modules/") || Object.values(PROGRAMS).some((file) => id.endsWith(file)) },
    external: Object.keys(dependencies).map((name) => new RegExp(`^${name}(?:/|$)`)),
    onLog: (level, log) => {
      // A bundle with a hole ends at the user's.
      if (level === "warn") throw new Error(log.message);
    },
  });
  const { output } = await bundle.generate({ format: "esm", entryFileNames: "[name].js", chunkFileNames: "chunks/[name]-[hash].js" });
  await bundle.close();
  const chunks = output.filter((file): file is OutputChunk => file.type === "chunk");
  await replaceFiles(
    new Map([
      ...chunks.map(({ fileName, code }) => [fileName, code] as const),
      ["LICENSES.txt", await licensesOf(chunks.flatMap(({ moduleIds }) => moduleIds))],
    ]),
  );
  console.log(`${chunks.length} files in ${DIST}`);
}

/** Chunks are written before what loads them: programs stand at the top, and begin with what they import. @param files texts by their names in dist/ */
async function replaceFiles(files: ReadonlyMap<string, string>): Promise<void> {
  const ordered = [...files].toSorted(([a], [b]) => Number(b.includes("/")) - Number(a.includes("/")));
  await mkdir(join(DIST, "chunks"), { recursive: true });
  for (const [name, text] of ordered) if ((await readTextIfExists(join(DIST, name))) !== text) await writeFileAtomic(join(DIST, name), text, 0o644);
  const entries = await readdir(DIST, { recursive: true, withFileTypes: true });
  const old = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  for (const path of old) if (!files.has(relative(DIST, path))) await rm(path);
}

/** Names, versions and license texts of the packages whose modules were put in. @throws Error for one without a license text */
async function licensesOf(modules: readonly string[]): Promise<string> {
  const folders = new Set(modules.flatMap((path) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []));
  const texts: string[] = [];
  for (const folder of [...folders].toSorted()) {
    const { name, version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as Record<string, string>;
    const text = await firstOf(["LICENSE", "LICENSE.md", "LICENSE.txt", "license", "LICENCE"].map((file) => join(folder, file)));
    texts.push(`${name} ${version} (${license})\n\n${(text ?? `Published under the ${license} license.`).trim()}\n`);
  }
  return texts.join(`\n${"-".repeat(80)}\n\n`);
}

async function firstOf(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    const text = await readFile(path, "utf8").catch(() => undefined);
    if (text !== undefined) return text;
  }
  return undefined;
}

await build();

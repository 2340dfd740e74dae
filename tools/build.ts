import { readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { rolldown, type OutputChunk } from "rolldown";

/**
 * `node tools/build.ts`: dist/, the programs of an installed package. npm runs it before it packs. What package.json has as dependency stays a
 * package of its own, as Pulumi's language host and the SDK's singletons need; everything else is put in, with its license.
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
  await rm(DIST, { recursive: true, force: true });
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
  const { output } = await bundle.write({ dir: DIST, format: "esm", entryFileNames: "[name].js", chunkFileNames: "chunks/[name]-[hash].js" });
  await bundle.close();
  const chunks = output.filter((file): file is OutputChunk => file.type === "chunk");
  await writeFile(join(DIST, "LICENSES.txt"), await licensesOf(chunks.flatMap(({ moduleIds }) => moduleIds)));
  console.log(`${chunks.length} files in ${DIST}`);
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

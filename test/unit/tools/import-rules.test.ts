import { cruise } from "dependency-cruiser";
import extractTSConfig from "dependency-cruiser/config-utl/extract-ts-config";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterEach, expect, it } from "vitest";

const ROOT = resolve(import.meta.dirname, "../../..");
let folder: string | undefined;

afterEach(async () => {
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

/** Cruises a small tree with the project's own rules; gives the names of the broken ones. */
async function broken(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  folder = await mkdtemp(join(tmpdir(), "import-rules-"));
  for (const [path, text] of Object.entries({ "tsconfig.json": "{}", "package.json": "{}", ...files })) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"));
  const { default: config } = (await import(join(ROOT, ".dependency-cruiser.mjs"))) as { default: { forbidden: object[]; options: object } };
  const before = process.cwd();
  const result = await cruise(
    ["src"],
    { ...config.options, tsConfig: undefined, baseDir: folder, validate: true, ruleSet: { forbidden: config.forbidden } } as never,
    {},
    { tsConfig: extractTSConfig(join(folder, "tsconfig.json")) },
  );
  expect(process.cwd()).toBe(before);
  if (typeof result.output === "string") throw new Error(result.output);
  expect(result.output.summary.totalCruised).toBeGreaterThanOrEqual(Object.keys(files).length);
  return [...new Set(result.output.summary.violations.map((violation) => violation.rule.name))].toSorted();
}

it.each([
  ["a layer that looks up", { "src/config/index.ts": 'import "../exec/index.ts";', "src/exec/index.ts": "export {};" }, "layer-config"],
  [
    "a type from above",
    { "src/assets/index.ts": 'import type { A } from "../kube/index.ts"; export type B = A;', "src/kube/index.ts": "export type A = 1;" },
    "layer-assets",
  ],
  ["past a door", { "src/stack/a.ts": 'import "../config/rules.ts";', "src/config/rules.ts": "export {};" }, "doors"],
  ["between platforms", { "src/providers/kvm/a.ts": 'import "../vsphere/b.ts";', "src/providers/vsphere/b.ts": "export {};" }, "platforms-apart"],
  [
    "naming a platform",
    { "src/installer/a.ts": 'import "../providers/kvm/index.ts";', "src/providers/kvm/index.ts": "export {};" },
    "one-registry-of-platforms",
  ],
  ["a cycle", { "src/util/a.ts": 'import "./b.ts";', "src/util/b.ts": 'import "./a.ts";' }, "no-cycle"],
  ["a cycle over import()", { "src/util/a.ts": 'export const b = () => import("./b.ts");', "src/util/b.ts": 'import "./a.ts";' }, "no-cycle"],
  [
    "a cycle of folders",
    {
      "src/kube/a/x.ts": 'import "../b/y.ts";',
      "src/kube/b/y.ts": "export {};",
      "src/kube/b/z.ts": 'import "../a/w.ts";',
      "src/kube/a/w.ts": "export {};",
    },
    "no-folder-cycle",
  ],
  ["an import that leads nowhere", { "src/util/a.ts": 'import "./gone.ts";' }, "resolvable"],
  ["a package out of its home", { "src/kube/a.ts": 'import { execa } from "execa"; export { execa };' }, "execa-home"],
])("finds %s", async (_case, files, rule) => {
  expect(await broken(files as unknown as Record<string, string>)).toContain(rule);
});

it("is content with a tree that keeps the rules", async () => {
  expect(
    await broken({
      "src/cli/main.ts": 'import "../installer/index.ts";',
      "src/installer/index.ts": 'import "./pipeline.ts"; import "../util/index.ts";',
      "src/installer/pipeline.ts": 'import "./phases/create.ts";',
      "src/installer/phases/create.ts": 'import type { A } from "../context.ts"; export type B = A;',
      "src/installer/context.ts": "export type A = 1;",
      "src/util/index.ts": "export {};",
    }),
  ).toEqual([]);
});

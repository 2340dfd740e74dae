import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { readTextIfExists } from "../../src/util/index.ts";

const PackageSchema = z.object({
  name: z.string(),
  version: z.string().default(""),
  dependencies: z.record(z.string(), z.string()).default({}),
  devDependencies: z.record(z.string(), z.string()).default({}),
  // Anything else under `pulumi` belongs to other tools.
  pulumi: z
    .object({ resource: z.boolean().default(false), name: z.string().optional(), version: z.string().optional(), server: z.string().optional() })
    .catch({ resource: false })
    .optional(),
});

export type NodePackage = z.infer<typeof PackageSchema>;

/** A provider plugin that an installed package asks for. */
export interface RequiredPlugin {
  readonly name: string;
  readonly version: string;
  readonly server: string;
}

/** The package.json of a folder, if it has one that can be read. */
export async function readPackage(folder: string): Promise<NodePackage | undefined> {
  const text = await readTextIfExists(join(folder, "package.json"));
  if (text === undefined) return undefined;
  try {
    return PackageSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** The packages that a program in this folder can load: those of its own node_modules and of the folders above. */
export async function installedPackages(folder: string): Promise<NodePackage[]> {
  const found: NodePackage[] = [];
  for (let current = folder; ; current = dirname(current)) {
    found.push(...(await packagesIn(join(current, "node_modules"))));
    if (dirname(current) === current) return found;
  }
}

async function packagesIn(modules: string): Promise<NodePackage[]> {
  const names = await readdir(modules).catch(() => []);
  const found: NodePackage[] = [];
  for (const name of names.filter((entry) => !entry.startsWith("."))) {
    const folder = join(modules, name);
    if (name.startsWith("@")) {
      found.push(...(await packagesIn(folder)));
      continue;
    }
    const own = await readPackage(folder);
    if (own !== undefined) found.push(own, ...(await packagesIn(join(folder, "node_modules"))));
  }
  return found;
}

/** The plugins that the packages ask for by `"pulumi": {"resource": true}`, each once. */
export function requiredPlugins(packages: readonly NodePackage[]): RequiredPlugin[] {
  const plugins = new Map<string, RequiredPlugin>();
  for (const { name, version, pulumi } of packages) {
    if (pulumi?.resource !== true) continue;
    const plugin = {
      name: pulumi.name ?? name.replace(/^@pulumi\//, ""),
      version: `v${(pulumi.version ?? version).replace(/^v/, "")}`,
      server: pulumi.server ?? "",
    };
    plugins.set(`${plugin.name}@${plugin.version}`, plugin);
  }
  return [...plugins.values()].sort((a, b) => a.name.localeCompare(b.name));
}

/** Names and installed versions: what the package.json above the program names, or everything. */
export function dependencies(
  own: NodePackage | undefined,
  installed: readonly NodePackage[],
  transitive: boolean,
): { name: string; version: string }[] {
  const direct = new Set(Object.keys({ ...own?.dependencies, ...own?.devDependencies }));
  const versions = new Map<string, string>();
  for (const { name, version } of installed) if ((transitive || direct.has(name)) && !versions.has(name)) versions.set(name, version);
  return [...versions].map(([name, version]) => ({ name, version })).sort((a, b) => a.name.localeCompare(b.name));
}

/** The nearest folder, here or above, with a package.json. */
export async function packageFolder(folder: string): Promise<string | undefined> {
  for (let current = folder; ; current = dirname(current)) {
    if ((await readTextIfExists(join(current, "package.json"))) !== undefined) return current;
    if (dirname(current) === current) return undefined;
  }
}

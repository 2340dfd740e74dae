import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { InstallerError, messageOf } from "../src/errors/index.ts";
import { supplied, type FilePart, type PartContext } from "./part.ts";
import { checkVersions, locatePrograms, type Program } from "./programs.ts";

export interface GoPart {
  readonly id: string;
  readonly version: string;
  /** The folder, relative to the checkout, whose go.mod pins the module. */
  readonly folder: string;
  /** What of that folder is the recipe; unless given, the three files of a module that only pins others. */
  readonly sources?: readonly string[] | undefined;
  /** Go packages by the name of the program. */
  readonly packages: Readonly<Record<string, string>>;
  readonly ldflags?: readonly string[] | undefined;
  /** Build tags. */
  readonly tags?: readonly string[] | undefined;
  /** See FilePart. */
  readonly seconds?: number;
  /** See FilePart. */
  readonly buildsAfter?: readonly string[];
  /** How each program prints its version. */
  readonly programs: readonly Program[];
  /** Writes into a temporary folder what the build needs besides the recipe. */
  readonly prepare?: (context: PartContext, work: string) => Promise<Prepared>;
  readonly downloads?: FilePart["downloads"];
}

export interface Prepared {
  /** Files by the empty ones, relative to the recipe's folder, whose place they take. */
  readonly embed: Readonly<Record<string, string>>;
  /** Modules by the folder that takes their place. */
  readonly replace?: Readonly<Record<string, string>>;
}

/** A part whose programs are built from a pinned Go module where there is no official download. */
export function goPart(spec: GoPart): FilePart {
  const ldflags = ["-s", "-w", ...(spec.ldflags ?? [])].join(" ");
  return {
    kind: "files",
    id: spec.id,
    version: spec.version,
    needs: [],
    buildNeeds: ["go"],
    inputs: ["go.mod", "go.sum", ...(spec.sources ?? ["tools.go"])].map((file) => `${spec.folder}/${file}`),
    // Without tags the recipe stays as it was, and so do results in the cache.
    recipe: { packages: spec.packages, ldflags, ...(spec.tags === undefined ? {} : { tags: spec.tags }) },
    expose: "bin",
    seconds: spec.seconds,
    buildsAfter: spec.buildsAfter,
    ...(spec.downloads === undefined ? {} : { downloads: spec.downloads }),
    locate: (context) => locatePrograms(context, spec.programs, spec.version),
    build: async (context, into) => {
      const work = `${into}.work`;
      try {
        const prepared = await prepare(context, spec, work);
        const build = { folder: spec.folder, ldflags, tags: spec.tags, ...prepared };
        const programs = Object.entries(spec.packages);
        // In one command several are linked at a time; Go then names each by its path.
        if (programs.every(([name, path]) => basename(path) === name))
          await goBuild(context, { ...build, packages: Object.values(spec.packages), to: `${into}/` });
        else for (const [name, path] of programs) await goBuild(context, { ...build, packages: [path], to: join(into, name) });
      } finally {
        await rm(work, { recursive: true, force: true });
      }
    },
    check: (context, folder) => checkVersions(context, spec.programs, folder, spec.version),
  };
}

/** The files for `go build -overlay` and `-modfile`, if the part needs any. */
async function prepare(context: PartContext, spec: GoPart, work: string): Promise<Pick<GoBuild, "overlay" | "modfile">> {
  if (spec.prepare === undefined) return {};
  const folder = join(context.root, spec.folder);
  await mkdir(work, { recursive: true });
  const { embed, replace = {} } = await spec.prepare(context, work);
  const overlay = join(work, "overlay.json");
  const files = Object.entries(embed).map(([place, file]) => [join(folder, place), file]);
  await writeFile(overlay, JSON.stringify({ Replace: Object.fromEntries(files) as unknown }));
  const modfile = join(work, "go.mod");
  const replaced = Object.entries(replace).map(([module, by]) => `replace ${module} => ${by}\n`);
  await writeFile(modfile, [await readFile(join(folder, "go.mod"), "utf8"), ...replaced].join("\n"));
  await copyFile(join(folder, "go.sum"), join(work, "go.sum"));
  return { overlay, modfile };
}

/** Files of pinned modules by the names that they get, without their ending. */
export type ModuleFiles = Readonly<Record<string, readonly [module: string, file: string]>>;

/** Copies YAML files of modules that the go.mod of `folder` pins into a new folder. @throws InstallerError SETUP_BUILD_FAILED */
export async function copyFromModules(context: PartContext, folder: string, files: ModuleFiles, to: string): Promise<void> {
  await mkdir(to);
  const folders = new Map<string, string>();
  for (const [name, [module, file]] of Object.entries(files)) {
    const from = folders.get(module) ?? (await goModuleFolder(context, folder, module));
    folders.set(module, from);
    await copyFile(join(from, file), join(to, `${name}.yaml`));
  }
}

/**
 * The folder of a pinned module's sources, which Go fetches where they are missing.
 * @param modfile of the folder, in place of its go.mod
 * @throws InstallerError SETUP_BUILD_FAILED
 */
export async function goModuleFolder(context: PartContext, folder: string, module: string, modfile?: string): Promise<string> {
  const output = await runGo(context, folder, ["mod", "download", ...(modfile === undefined ? [] : ["-modfile", modfile]), "-json", module], module);
  return (JSON.parse(output) as { readonly Dir: string }).Dir;
}

/** Packages to be built into programs. */
export interface GoBuild {
  /** Relative to the checkout: where go.mod is. */
  readonly folder: string;
  readonly packages: readonly string[];
  readonly ldflags: string;
  /** Build tags. */
  readonly tags?: readonly string[] | undefined;
  /** The program's path, or a folder, with a slash at its end. */
  readonly to: string;
  /** The file of `go build -overlay`. */
  readonly overlay?: string | undefined;
  /** Takes the place of the folder's go.mod and go.sum. */
  readonly modfile?: string | undefined;
  /** Where C code is called: variables of the environment with which it is compiled and linked. Unless given, there is none. */
  readonly cgo?: Readonly<Record<string, string>> | undefined;
}

/**
 * The same for all programs, so that builds share what they have in common. No debug information: the linker would drop it,
 * and making it is a sixth of the work.
 */
export const GO_FLAGS = ["-trimpath", "-buildvcs=false", "-gcflags=all=-dwarf=false"] as const;

/** @throws InstallerError SETUP_BUILD_FAILED */
export async function goBuild(context: PartContext, build: GoBuild): Promise<void> {
  const overlay = build.overlay === undefined ? [] : ["-overlay", build.overlay];
  const modfile = build.modfile === undefined ? [] : ["-modfile", build.modfile];
  const tags = build.tags === undefined ? [] : ["-tags", build.tags.join(",")];
  const args = ["build", ...GO_FLAGS, ...tags, ...overlay, ...modfile, "-ldflags", build.ldflags, "-o", build.to, ...build.packages];
  const cgo = build.cgo === undefined ? {} : { ...build.cgo, CGO_ENABLED: "1" };
  await runGo(context, build.folder, args, build.packages.map((path) => basename(path)).join(", "), cgo);
}

/** What Go prints. @param what is built, for the error @param env over Go's usual one here @throws InstallerError SETUP_BUILD_FAILED */
export async function runGo(
  context: PartContext,
  folder: string,
  args: readonly string[],
  what: string,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const go = supplied(context, "go");
  try {
    const { stdout } = await context.run(go, args, {
      cwd: join(context.root, folder),
      // GOGC: the compiler works a tenth faster with more memory than Go's programs usually take.
      env: { CGO_ENABLED: "0", GOFLAGS: "-mod=readonly", GOWORK: "off", GOGC: "400", ...env },
      signal: context.signal,
    });
    return stdout;
  } catch (error) {
    context.signal.throwIfAborted();
    throw new InstallerError("SETUP_BUILD_FAILED", `building ${what} failed: ${messageOf(error)}`, { value: what, cause: error });
  }
}

import { basename, join } from "node:path";
import { InstallerError, messageOf } from "../../src/errors/index.ts";
import type { FilePart, Part, PartContext } from "./part.ts";
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
  /** How each program tells its version. */
  readonly programs: readonly Program[];
  readonly downloads?: FilePart["downloads"];
}

/** A part whose programs are built from a pinned Go module where there is no official download. */
export function goPart(spec: GoPart): Part {
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
    ...(spec.downloads === undefined ? {} : { downloads: spec.downloads }),
    locate: (context) => locatePrograms(context, spec.programs, spec.version),
    build: async (context, into) => {
      const build = { folder: spec.folder, ldflags, tags: spec.tags };
      const programs = Object.entries(spec.packages);
      // In one command several are linked at a time; Go then names each by its path.
      if (programs.every(([name, path]) => basename(path) === name))
        await goBuild(context, { ...build, packages: Object.values(spec.packages), to: `${into}/` });
      else for (const [name, path] of programs) await goBuild(context, { ...build, packages: [path], to: join(into, name) });
    },
    check: (context, folder) => checkVersions(context, spec.programs, folder, spec.version),
  };
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
}

/**
 * The same for all programs, so that builds share what they have in common. No debug information: the linker would drop it,
 * and making it is a sixth of the work.
 */
export const GO_FLAGS = ["-trimpath", "-buildvcs=false", "-gcflags=all=-dwarf=false"] as const;

/** @throws InstallerError SETUP_BUILD_FAILED */
export async function goBuild(context: PartContext, build: GoBuild): Promise<void> {
  const go = context.bin["go"];
  if (go === undefined) throw new InstallerError("INTERNAL", `the part that builds ${build.packages.join(", ")} was started without Go`);
  const overlay = build.overlay === undefined ? [] : ["-overlay", build.overlay];
  const tags = build.tags === undefined ? [] : ["-tags", build.tags.join(",")];
  try {
    await context.run(go, ["build", ...GO_FLAGS, ...tags, ...overlay, "-ldflags", build.ldflags, "-o", build.to, ...build.packages], {
      cwd: join(context.root, build.folder),
      // GOGC: the compiler works a tenth faster with more memory than Go's programs usually take.
      env: { CGO_ENABLED: "0", GOFLAGS: "-mod=readonly", GOWORK: "off", GOGC: "400" },
      signal: context.signal,
    });
  } catch (error) {
    context.signal.throwIfAborted();
    throw new InstallerError(
      "SETUP_BUILD_FAILED",
      `building ${build.packages.map((path) => basename(path)).join(", ")} failed: ${messageOf(error)}`,
      {
        value: build.packages.join(" "),
        cause: error,
      },
    );
  }
}

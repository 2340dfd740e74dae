import { join } from "node:path";
import { InstallerError, messageOf } from "../../src/errors/index.ts";
import type { FilePart, Part, PartContext } from "./part.ts";
import { checkVersions, locatePrograms, type Program } from "./programs.ts";

export interface GoPart {
  readonly id: string;
  readonly version: string;
  /** The folder of tools/go whose go.mod pins the module. */
  readonly module: string;
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
    inputs: ["go.mod", "go.sum", "tools.go"].map((file) => `tools/go/${spec.module}/${file}`),
    // Without tags the recipe stays as it was, and so do results in the cache.
    recipe: { packages: spec.packages, ldflags, ...(spec.tags === undefined ? {} : { tags: spec.tags }) },
    expose: "bin",
    ...(spec.downloads === undefined ? {} : { downloads: spec.downloads }),
    locate: (context) => locatePrograms(context, spec.programs, spec.version),
    build: async (context, into) => {
      for (const [name, path] of Object.entries(spec.packages))
        await goBuild(context, { module: spec.module, name, path, ldflags, tags: spec.tags ?? [], into });
    },
    check: (context, folder) => checkVersions(context, spec.programs, folder, spec.version),
  };
}

interface Build {
  readonly module: string;
  readonly name: string;
  readonly path: string;
  readonly ldflags: string;
  readonly tags: readonly string[];
  readonly into: string;
}

async function goBuild(context: PartContext, build: Build): Promise<void> {
  const go = context.bin["go"];
  if (go === undefined) throw new InstallerError("INTERNAL", `the part that builds ${build.name} was started without Go`);
  const flags = ["-trimpath", "-buildvcs=false", ...(build.tags.length === 0 ? [] : ["-tags", build.tags.join(",")]), "-ldflags", build.ldflags];
  try {
    await context.run(go, ["build", ...flags, "-o", join(build.into, build.name), build.path], {
      cwd: join(context.root, "tools/go", build.module),
      env: { CGO_ENABLED: "0", GOFLAGS: "-mod=readonly", GOWORK: "off" },
      signal: context.signal,
    });
  } catch (error) {
    context.signal.throwIfAborted();
    throw new InstallerError("SETUP_BUILD_FAILED", `building ${build.name} failed: ${messageOf(error)}`, { value: build.path, cause: error });
  }
}

import { InstallerError } from "../src/errors/index.ts";
import type { Runner } from "../src/exec/index.ts";

/** Where a part came from, as the table shows it. */
export type Source = "installed" | "cached" | "downloaded" | "built" | "missing";

/** What a part's recipe may use. `bin` maps the names of the programs that the parts it needs have supplied to their paths. */
export interface PartContext {
  readonly root: string;
  readonly cacheDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly run: Runner;
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
  readonly bin: Readonly<Record<string, string>>;
}

/** The path of a file that a part this one needs has supplied. @throws InstallerError INTERNAL: no part that it needs has it */
export function supplied({ bin }: PartContext, name: string): string {
  const path = bin[name];
  if (path === undefined) throw new InstallerError("INTERNAL", `no part supplies ${name}`);
  return path;
}

/** A suitable copy that somebody else has installed. */
export interface Located {
  readonly version: string;
  /** Where it is, for the table. */
  readonly path: string;
  /** The programs it supplies, by name. */
  readonly programs: Readonly<Record<string, string>>;
  /** Bytes, when they are worth printing. */
  readonly size?: number | undefined;
}

interface PartBase {
  readonly id: string;
  readonly version: string;
  /** Ids of the parts that the recipe uses; their recipes are part of this one's key. */
  readonly needs: readonly string[];
  /** Looks for a suitable copy on this machine; undefined means that there is none. */
  readonly locate?: (context: PartContext) => Promise<Located | undefined>;
}

/** A part that the machine's own package manager installs. Nothing of it is cached. */
export interface HostPart extends PartBase {
  readonly kind: "host";
  readonly locate: (context: PartContext) => Promise<Located | undefined>;
  /** Installs it, or throws an error that names the exact command. */
  readonly install: (context: PartContext) => Promise<void>;
}

/** A part that is a set of files, cached by version and recipe. */
export interface FilePart extends PartBase {
  readonly kind: "files";
  /** Files and folders, relative to the checkout, whose content is the recipe. */
  readonly inputs: readonly string[];
  /** What else decides the result (flags, package paths…); any JSON value. */
  readonly recipe?: unknown;
  /** The folder of the cache into which the files are linked: `bin` for programs, `images` for disk images. */
  readonly expose: "bin" | "images";
  readonly downloads?: readonly Download[] | undefined;
  /** Ids of the host parts that only building needs (a compiler); looked for when it comes to that. */
  readonly buildNeeds?: readonly string[] | undefined;
  /**
   * Ids of parts whose compiled modules it shares. Where they are wanted too, it is built after them: beside each other both would compile what the
   * other does.
   */
  readonly buildsAfter?: readonly string[] | undefined;
  /** What building takes on two processors beside another build, for the estimate of what is left. */
  readonly seconds?: number | undefined;
  /** Writes the files into `into`, an empty folder. */
  readonly build: (context: PartContext, into: string) => Promise<void>;
  /** Proves that new files work (a program prints its version); throws if not. */
  readonly check?: (context: PartContext, folder: string) => Promise<void>;
  /** Runs at every set-up, also when the files were cached. */
  readonly register?: (context: PartContext) => Promise<void>;
}

export type Part = HostPart | FilePart;

/** One official file. Its sha256 is known here (`sha256`) or stands in the publisher's own list (`sums`). */
export interface Download {
  readonly url: string;
  readonly sha256?: string | undefined;
  readonly sums?: string | undefined;
  /** Members of a tar archive by the names they get; without it the download is the file itself. */
  readonly members?: Readonly<Record<string, string>> | undefined;
  readonly as?: string | undefined;
}

/** One line of the table. */
export interface Row {
  readonly id: string;
  readonly version: string;
  readonly source: Source;
  readonly path: string;
  readonly size: number | undefined;
  /** That it took to build. */
  readonly seconds?: number | undefined;
  readonly programs: Readonly<Record<string, string>>;
}

import { InstallerError, isInstallerError } from "../../errors/index.ts";
import type { Runner, RunOptions } from "../../exec/index.ts";
import { withTemporaryFile } from "./temporary-file.ts";

/** A connection to libvirt by way of `virsh`. All output is libvirt's English, whatever the user's locale. */
export class Libvirt {
  readonly uri: string;
  readonly #run: Runner;
  readonly #signal: AbortSignal | undefined;

  constructor(uri: string, run: Runner, signal?: AbortSignal) {
    this.uri = uri;
    this.#run = run;
    this.#signal = signal;
  }

  /** The same connection for undoing what was begun: not stopped by a cancelled operation. */
  withoutSignal(): Libvirt {
    return new Libvirt(this.uri, this.#run);
  }

  /**
   * Standard output of one virsh command.
   * @throws InstallerError LIBVIRT_UNREACHABLE, LIBVIRT_FAILED with libvirt's own words, INTERRUPTED
   */
  async virsh(args: readonly string[], options: RunOptions = {}): Promise<string> {
    try {
      const { stdout } = await this.#run("virsh", ["--quiet", "--connect", this.uri, ...args], {
        signal: this.#signal,
        env: { LC_ALL: "C" },
        ...options,
      });
      return stdout;
    } catch (error) {
      throw translate(error, args);
    }
  }

  /** Like `virsh`, but undefined where libvirt knows no such thing. */
  async virshIfExists(args: readonly string[]): Promise<string | undefined> {
    try {
      return await this.virsh(args);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /** Runs a command that takes a document, given by a file that only we can read. `FILE` in args stands for it. */
  async withDocument(args: readonly string[], content: string | Uint8Array): Promise<string> {
    return await withTemporaryFile(content, (path) => this.virsh(withPath(args, path)));
  }

  /** Runs a command that writes a file, and hands over its path; `FILE` in args stands for it. The file is gone afterwards. */
  async withScratchFile<T>(args: readonly string[], use: (path: string) => Promise<T>): Promise<T> {
    return await withTemporaryFile("", async (path) => {
      await this.virsh(withPath(args, path));
      return await use(path);
    });
  }
}

/** Placeholder of a document's path in `withDocument`. */
export const FILE = "\0file";

const withPath = (args: readonly string[], path: string): readonly string[] => args.map((argument) => (argument === FILE ? path : argument));

const UNREACHABLE = /failed to connect to the hypervisor|Failed to connect socket|Cannot recv data|unable to connect to server/i;
const NOT_FOUND = /not found:|failed to get (domain|network|pool|vol)\b|cannot find (pool|network)|no (domain|network|storage pool|storage vol)/i;
const TAKEN = /exists already|already exists?\b/i;
const NOT_RUNNING = /domain is not running|is not active|network '.*' is not active/i;

function translate(error: unknown, args: readonly string[]): unknown {
  if (!isInstallerError(error) || error.id !== "EXEC_FAILED") return error;
  const said = error.message
    .replace(/^virsh failed: /, "")
    .replaceAll(/^error: /gm, "")
    .trim();
  if (UNREACHABLE.test(said)) return new InstallerError("LIBVIRT_UNREACHABLE", said, { cause: undefined });
  return new InstallerError("LIBVIRT_FAILED", said, { value: args.join(" ") });
}

/** libvirt has no such domain, network, pool or volume. */
export const isNotFound = (error: unknown): boolean => isInstallerError(error) && error.id === "LIBVIRT_FAILED" && NOT_FOUND.test(error.message);

/** A domain or volume of this name is there. */
export const isTaken = (error: unknown): boolean => isInstallerError(error) && error.id === "LIBVIRT_FAILED" && TAKEN.test(error.message);

/** The domain, network or pool is off already. */
export const isNotRunning = (error: unknown): boolean => isInstallerError(error) && error.id === "LIBVIRT_FAILED" && NOT_RUNNING.test(error.message);

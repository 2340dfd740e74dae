import { connectionUriProblem } from "../../config/platforms/kvm/index.ts";
import { InstallerError, isInstallerError } from "../../errors/index.ts";
import type { Runner, RunOptions, RunResult } from "../../exec/index.ts";
import { inQuotes, type Environment } from "../../util/index.ts";
import { withTemporaryFiles } from "./temporary-file.ts";

/** A word of a virsh command; bytes stand for the path of a file with this content, that only we can read. */
export type Word = string | Uint8Array;

/** A document as a word. */
export const document = (text: string): Word => Buffer.from(text);

export interface LibvirtAccess {
  readonly run: Runner;
  readonly signal?: AbortSignal | undefined;
  readonly env: Environment;
}

/** A connection to libvirt by way of `virsh`. All output is libvirt's English, whatever the user's locale. */
export class Libvirt {
  readonly uri: string;
  readonly #run: Runner;
  readonly #signal: AbortSignal | undefined;
  readonly #env: Environment;

  /**
   * Every URI comes through here, of install-config, provider and metadata.json.
   * @throws InstallerError LIBVIRT_URI_REFUSED
   */
  constructor(uri: string, { run, signal, env }: LibvirtAccess) {
    const problem = connectionUriProblem(uri, env);
    if (problem !== undefined) throw new InstallerError("LIBVIRT_URI_REFUSED", `the connection URI of libvirt ${problem.message}`);
    this.uri = uri;
    this.#run = run;
    this.#signal = signal;
    this.#env = env;
  }

  /** The same connection for undoing what was begun: not stopped by a cancelled operation. */
  withoutSignal(): Libvirt {
    return new Libvirt(this.uri, { run: this.#run, env: this.#env });
  }

  /**
   * Standard output of one virsh command.
   * @throws InstallerError LIBVIRT_UNREACHABLE, LIBVIRT_FAILED with libvirt's own words, INTERRUPTED
   */
  async virsh(args: readonly Word[], options: RunOptions = {}): Promise<string> {
    return await withWords([args], async ([words = []]) => (await this.#virsh(words, options)).stdout);
  }

  /**
   * Several commands by one virsh, whose start and connection cost more than most commands. It does not stop at one that fails: only for commands
   * that do no harm after a failed one.
   * @returns standard output of all
   * @throws InstallerError as `virsh`, if any of them failed
   */
  async virshAll(commands: readonly (readonly Word[])[]): Promise<string> {
    return await withWords(commands, async (lines) => {
      // virsh reads a line of its own as a shell does.
      const batch = [lines.map((words) => words.map(inQuotes).join(" ")).join("; ")];
      const { stdout, stderr } = await this.#virsh(batch, {});
      // Its exit code is the last command's.
      if (/^error: /m.test(stderr)) throw failure(stderr, batch);
      return stdout;
    });
  }

  async #virsh(words: readonly string[], options: RunOptions): Promise<RunResult> {
    try {
      return await this.#run("virsh", ["--quiet", "--connect", this.uri, ...words], { signal: this.#signal, env: { LC_ALL: "C" }, ...options });
    } catch (error) {
      throw translate(error, words);
    }
  }

  /** Like `virsh`, but undefined where libvirt knows no such thing. */
  async virshIfExists(args: readonly Word[]): Promise<string | undefined> {
    return await ifExists(() => this.virsh(args));
  }

  /** Like `virshAll`, but undefined where libvirt knows no such thing. */
  async virshAllIfExists(commands: readonly (readonly Word[])[]): Promise<string | undefined> {
    return await ifExists(() => this.virshAll(commands));
  }

  /** Runs a command that writes a file, and hands over its path, which comes last in it. The file is gone afterwards. */
  async withScratchFile<T>(args: readonly string[], use: (path: string) => Promise<T>): Promise<T> {
    return await withTemporaryFiles([""], async ([path = ""]) => {
      await this.virsh([...args, path]);
      return await use(path);
    });
  }
}

async function ifExists<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

async function withWords<T>(commands: readonly (readonly Word[])[], use: (commands: readonly (readonly string[])[]) => Promise<T>): Promise<T> {
  const contents = commands.flat().filter((word) => typeof word !== "string");
  return await withTemporaryFiles(contents, async (paths) => {
    const left = [...paths];
    return await use(commands.map((words) => words.map((word) => (typeof word === "string" ? word : (left.shift() ?? "")))));
  });
}

/**
 * Also of a daemon that ends during a command: virsh then goes on with the words of a lookup that found nothing, which must not be taken for an
 * answer. Source: virsh's and libvirt's rpc client's messages, met with libvirt 9.0
 */
const UNREACHABLE =
  /failed to (?:re)?connect to the hypervisor|Failed to connect socket|Disconnected from .* due to|Cannot (?:recv|write) data|End of file while reading data|client socket is closed|connection closed due to keepalive|unable to connect to server/i;
const NOT_FOUND = /not found:|failed to get (domain|network|pool|vol)\b|cannot find (pool|network)|no (domain|network|storage pool|storage vol)/i;
const TAKEN = /exists already|already exists?\b/i;
const NOT_RUNNING = /domain is not running|is not active|network '.*' is not active/i;

function translate(error: unknown, args: readonly string[]): unknown {
  return isInstallerError(error) && error.id === "EXEC_FAILED" ? failure(error.message.replace(/^virsh failed: /, ""), args) : error;
}

function failure(text: string, args: readonly string[]): InstallerError {
  const said = text.replaceAll(/^error: /gm, "").trim();
  if (UNREACHABLE.test(said)) return new InstallerError("LIBVIRT_UNREACHABLE", said, { cause: undefined });
  return new InstallerError("LIBVIRT_FAILED", said, { value: args.join(" ") });
}

/** libvirt has no such domain, network, pool or volume. */
export const isNotFound = (error: unknown): boolean => isInstallerError(error) && error.id === "LIBVIRT_FAILED" && NOT_FOUND.test(error.message);

/** A domain or volume of this name is there. */
export const isTaken = (error: unknown): boolean => isInstallerError(error) && error.id === "LIBVIRT_FAILED" && TAKEN.test(error.message);

/** The domain, network or pool is off already. */
export const isNotRunning = (error: unknown): boolean => isInstallerError(error) && error.id === "LIBVIRT_FAILED" && NOT_RUNNING.test(error.message);
